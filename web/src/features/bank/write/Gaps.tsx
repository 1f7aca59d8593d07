import { Eraser, Plus, Trash2 } from "lucide-react";
import { useT } from "@/i18n";
import { announce, Button, TextField } from "@/ui";
import { Fault, Group } from "./Group";
import { Words } from "./Lists";
import { Prose } from "./Prose";
import { changed, type Gap, most, type Sheet, without, withGap, withoutGap } from "./sheet";

type Props = { sheet: Sheet; onChange: (part: Partial<Sheet>) => void };

/** A text with gaps: one chooses words in it and makes a gap of them. */
export function Gaps({ sheet, onChange }: Props) {
  const t = useT("writing");
  const { gaps, text, kind } = sheet;
  const inline = kind === "inline";
  const set = (next: Gap[]) => onChange({ gaps: next });
  const make = (area: HTMLTextAreaElement | null) => {
    const from = area?.selectionStart ?? text.length;
    const next = withGap(text, gaps, from, area?.selectionEnd ?? from);
    onChange({ text: next.text, gaps: next.gaps });
    announce(t("gap_made", { number: next.gaps.length }));
  };
  return (
    <>
      <Group name="gaps" title={t("gap_text")} intro={t("gap_text_help")}>
        <Prose
          name="text"
          label={t("gap_text")}
          value={text}
          onChange={(value) => onChange({ text: value })}
          rows={5}
          tools={(area) =>
            gaps.length < most.gaps && (
              <Button icon={<Eraser aria-hidden size={18} />} onPress={() => make(area())}>
                {t("make_gap")}
              </Button>
            )
          }
        />
        {gaps.map((gap, i) => (
          <div key={i} className="write-block" role="group" aria-label={t("gap_number", { number: i + 1 })}>
            <TextField name={`gaps[${i}].right`} label={t("gap_right", { number: i + 1 })} value={gap.right} onChange={(right) => set(changed(gaps, i, { right }))} maxLength={300} autoCapitalize="off" wide />
            {inline && <Others at={`gaps[${i}].others`} number={i + 1} others={gap.others ?? []} onChange={(others) => set(changed(gaps, i, { others }))} />}
            <div className="write-tools">
              <Button tone="quiet" label={t("gap_remove_of", { number: i + 1 })} icon={<Trash2 aria-hidden size={18} />} onPress={() => onChange(withoutGap(text, gaps, i))}>
                {t("gap_remove")}
              </Button>
            </div>
          </div>
        ))}
      </Group>
      {!inline && <Words name="extra" title={t("spare")} intro={t("spare_help")} add={t("add_spare")} item={(number) => t("spare_number", { number })} words={sheet.extra} limit={most.extra} onChange={(extra) => onChange({ extra })} />}
    </>
  );
}

/** The wrong words of a list within a sentence. */
function Others({ at, number, others, onChange }: { at: string; number: number; others: readonly string[]; onChange: (others: string[]) => void }) {
  const t = useT("writing");
  return (
    <Fault name={at} label={t("gap_number", { number })}>
      {others.map((word, k) => {
        const label = t("gap_other", { number, rank: k + 1 });
        return (
          <div key={k} className="write-line">
            <TextField name={`${at}[${k}]`} label={label} value={word} onChange={(text) => onChange(others.map((w, n) => (n === k ? text : w)))} maxLength={300} autoCapitalize="off" wide />
            {others.length > 1 && (
              <Button tone="quiet" label={t("remove_of", { what: label })} icon={<Trash2 aria-hidden size={18} />} onPress={() => onChange(without(others, k))}>
                {t("remove")}
              </Button>
            )}
          </div>
        );
      })}
      {others.length < most.others && (
        <Button tone="quiet" label={t("add_other_to", { number })} icon={<Plus aria-hidden size={18} />} onPress={() => onChange([...others, ""])}>
          {t("add_other")}
        </Button>
      )}
    </Fault>
  );
}
