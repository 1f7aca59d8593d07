import { Plus, Trash2 } from "lucide-react";
import { useT } from "@/i18n";
import { Button, TextField } from "@/ui";
import { Group } from "./Group";
import { Prose } from "./Prose";
import { changed, most, type Pair, type Sheet, without } from "./sheet";

type Props = { sheet: Sheet; onChange: (part: Partial<Sheet>) => void };

/** A list of words, each on its line. */
export function Words({ name, title, intro, add, item, words, limit, least = 0, onChange }: { name: string; title: string; intro?: string; add: string; item: (number: number) => string; words: readonly string[]; limit: number; least?: number; onChange: (words: string[]) => void }) {
  const t = useT("writing");
  return (
    <Group name={name} title={title} intro={intro}>
      {words.map((word, i) => (
        <div key={i} className="write-line">
          <TextField name={`${name}[${i}]`} label={item(i + 1)} value={word} onChange={(text) => onChange(words.map((w, k) => (k === i ? text : w)))} maxLength={300} autoCapitalize="off" wide />
          {words.length > least && (
            <Button tone="quiet" label={t("remove_of", { what: item(i + 1) })} icon={<Trash2 aria-hidden size={18} />} onPress={() => onChange(without(words, i))}>
              {t("remove")}
            </Button>
          )}
        </div>
      ))}
      {words.length < limit && (
        <div className="write-tools">
          <Button icon={<Plus aria-hidden size={18} />} onPress={() => onChange([...words, ""])}>
            {add}
          </Button>
        </div>
      )}
    </Group>
  );
}

/** Things that go together. */
export function Pairs({ sheet, onChange }: Props) {
  const t = useT("writing");
  const { pairs, extra } = sheet;
  const set = (next: Pair[]) => onChange({ pairs: next });
  return (
    <>
      <Group name="pairs" title={t("pairs")} intro={t("pairs_help")}>
        {pairs.map((pair, i) => {
          const what = t("pair_number", { number: i + 1 });
          return (
            <div key={i} className="write-block" role="group" aria-label={what}>
              <Prose name={`pairs[${i}].left`} label={t("pair_left", { number: i + 1 })} value={pair.left} onChange={(left) => set(changed(pairs, i, { left }))} rows={1} maxLength={300} />
              <TextField name={`pairs[${i}].right`} label={t("pair_right", { number: i + 1 })} value={pair.right} onChange={(right) => set(changed(pairs, i, { right }))} maxLength={300} wide />
              {pairs.length > 2 && (
                <div className="write-tools">
                  <Button tone="quiet" label={t("remove_of", { what })} icon={<Trash2 aria-hidden size={18} />} onPress={() => set(without(pairs, i))}>
                    {t("remove")}
                  </Button>
                </div>
              )}
            </div>
          );
        })}
        {pairs.length < most.answers && (
          <div className="write-tools">
            <Button icon={<Plus aria-hidden size={18} />} onPress={() => set([...pairs, { left: "", right: "" }])}>
              {t("add_pair")}
            </Button>
          </div>
        )}
      </Group>
      <Words name="extra" title={t("lonely")} intro={t("lonely_help")} add={t("add_lonely")} item={(number) => t("lonely_number", { number })} words={extra} limit={most.extra} onChange={(next) => onChange({ extra: next })} />
    </>
  );
}
