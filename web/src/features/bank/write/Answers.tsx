import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useId } from "react";
import { moved } from "@/features/sitting/render/tree";
import { useT } from "@/i18n";
import { Button, Checkbox } from "@/ui";
import { BringFile, PictureFields } from "./Files";
import { Fault, Group } from "./Group";
import { Prose } from "./Prose";
import { type Answer, changed, most, type Sheet, without } from "./sheet";

type Props = { sheet: Sheet; onChange: (part: Partial<Sheet>) => void };

/** The answers to choose among, or the things to put in order. */
export function Answers({ sheet, onChange }: Props) {
  const t = useT("writing");
  const name = useId();
  const { answers, kind } = sheet;
  const ordered = kind === "order";
  const set = (next: Answer[]) => onChange({ answers: next });
  const right = (i: number, on: boolean) => set(answers.map((a, k) => ({ ...a, right: k === i ? on : kind === "choice" ? false : (a.right ?? false) })));
  return (
    <Group name="answers" title={t(ordered ? "in_order" : "answers")} intro={t(ordered ? "in_order_help" : kind === "choice" ? "answers_help_one" : "answers_help_several")}>
      <Fault name="right" label={t("right_answer")}>
        <ol className="write-rows">
          {answers.map((answer, i) => {
            const what = t(ordered ? "thing_number" : "answer_number", { number: i + 1 });
            const at = `answers[${i}]`;
            return (
              <li key={i} className="write-block" data-right={(!ordered && answer.right) || undefined}>
                <Prose name={`${at}.text`} label={what} value={answer.text} onChange={(text) => set(changed(answers, i, { text }))} rows={1} maxLength={300} />
                {answer.picture && <PictureFields name={`${at}.picture`} what={what} picture={answer.picture} onChange={(picture) => set(changed(answers, i, { picture }))} onRemove={() => set(answers.map((a, k) => (k === i ? { text: a.text, right: a.right ?? false } : a)))} />}
                <div className="write-tools">
                  {kind === "choice" && (
                    <label className="write-right">
                      <input type="radio" name={name} checked={answer.right ?? false} aria-label={t("right_of", { what })} onChange={() => right(i, true)} />
                      <span aria-hidden>{t("right_answer")}</span>
                    </label>
                  )}
                  {kind === "several" && (
                    <Checkbox checked={answer.right ?? false} onChange={(on) => right(i, on)}>
                      {t("right_among", { what })}
                    </Checkbox>
                  )}
                  {!answer.picture && <BringFile kind="picture" label={t("add_picture_to", { what })} onFile={(file) => set(changed(answers, i, { picture: { file: file.id, alt: "" } }))} />}
                  {i > 0 && (
                    <Button tone="quiet" label={t("up_of", { what })} icon={<ArrowUp aria-hidden size={18} />} onPress={() => set(moved(answers, i, i - 1))}>
                      {t("up")}
                    </Button>
                  )}
                  {i < answers.length - 1 && (
                    <Button tone="quiet" label={t("down_of", { what })} icon={<ArrowDown aria-hidden size={18} />} onPress={() => set(moved(answers, i, i + 1))}>
                      {t("down")}
                    </Button>
                  )}
                  {answers.length > 2 && (
                    <Button tone="quiet" label={t("remove_of", { what })} icon={<Trash2 aria-hidden size={18} />} onPress={() => set(without(answers, i))}>
                      {t("remove")}
                    </Button>
                  )}
                </div>
              </li>
            );
          })}
        </ol>
      </Fault>
      {answers.length < most.answers && (
        <div className="write-tools">
          <Button icon={<Plus aria-hidden size={18} />} onPress={() => set([...answers, { text: "" }])}>
            {t(ordered ? "add_thing" : "add_answer")}
          </Button>
        </div>
      )}
      {!ordered && (
        <Checkbox checked={sheet.shuffle} onChange={(shuffle) => onChange({ shuffle })}>
          {t("shuffle")}
        </Checkbox>
      )}
    </Group>
  );
}
