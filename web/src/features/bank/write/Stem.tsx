import { ArrowDown, ArrowUp, TextQuote, Trash2 } from "lucide-react";
import { moved } from "@/features/sitting/render/tree";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Checkbox, TextArea } from "@/ui";
import { fileAddress } from "../api";
import { BringFile, PictureFields } from "./Files";
import { Fault, Group } from "./Group";
import { Prose } from "./Prose";
import { type Block, changed, most, without } from "./sheet";

/** What comes before the question: texts, pictures, sounds, in order. */
export function Stem({ stem, onChange }: { stem: readonly Block[]; onChange: (stem: Block[]) => void }) {
  const t = useT("writing");
  const { school } = useWork();
  const add = (block: Block) => onChange([...stem, block]);
  return (
    <Group name="stem" title={t("stem")} intro={t("stem_help")}>
      {stem.map((block, i) => {
        const what = t("part_number", { number: i + 1 });
        const at = `stem[${i}]`;
        return (
          <div key={i} className="write-block" role="group" aria-label={what}>
            {block.kind === "text" && <Prose name={`${at}.text`} label={t("text_number", { number: i + 1 })} value={block.text ?? ""} onChange={(text) => onChange(changed(stem, i, { text }))} required />}
            {block.kind === "picture" && <PictureFields name={at} what={what} picture={{ file: block.file ?? "", alt: block.alt ?? "" }} onChange={({ alt }) => onChange(changed(stem, i, { alt }))} onRemove={() => onChange(without(stem, i))} />}
            {block.kind === "sound" && (
              <Fault name={`${at}.file`} label={t("sound")}>
                <audio className="write-sound" src={fileAddress(school.id, block.file ?? "")} controls preload="none" aria-label={what} />
                <TextArea name={`${at}.said`} label={t("said")} value={block.said ?? ""} onChange={(said) => onChange(changed(stem, i, { said }))} required maxLength={8000} rows={3} help={t("said_help")} wide />
                <Checkbox checked={block.shown ?? false} onChange={(shown) => onChange(changed(stem, i, { shown }))} detail={t("said_shown_help")}>
                  {t("said_shown")}
                </Checkbox>
              </Fault>
            )}
            <div className="write-tools">
              {i > 0 && (
                <Button tone="quiet" label={t("up_of", { what })} icon={<ArrowUp aria-hidden size={18} />} onPress={() => onChange(moved(stem, i, i - 1))}>
                  {t("up")}
                </Button>
              )}
              {i < stem.length - 1 && (
                <Button tone="quiet" label={t("down_of", { what })} icon={<ArrowDown aria-hidden size={18} />} onPress={() => onChange(moved(stem, i, i + 1))}>
                  {t("down")}
                </Button>
              )}
              {block.kind !== "picture" && (
                <Button tone="quiet" label={t("remove_of", { what })} icon={<Trash2 aria-hidden size={18} />} onPress={() => onChange(without(stem, i))}>
                  {t("remove")}
                </Button>
              )}
            </div>
          </div>
        );
      })}
      {stem.length < most.blocks && (
        <div className="write-tools">
          <Button icon={<TextQuote aria-hidden size={18} />} onPress={() => add({ kind: "text", text: "" })}>
            {t("add_text")}
          </Button>
          <BringFile kind="picture" onFile={(file) => add({ kind: "picture", file: file.id, alt: "" })} />
          <BringFile kind="sound" onFile={(file) => add({ kind: "sound", file: file.id, said: "" })} />
        </div>
      )}
    </Group>
  );
}
