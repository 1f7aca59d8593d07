import { useMemo, useState } from "react";
import { useT } from "@/i18n";
import { Button, Notice } from "@/ui";
import { Question } from "./render/Question";
import { asList, type PublicNode, type Values } from "./render/tree";

/** A question that counts for nothing, to see how one answers. */
export function Training({ done, onDone }: { done: boolean; onDone: () => void }) {
  const t = useT("sitting");
  const [values, setValues] = useState<Values>({});
  const body = useMemo<PublicNode[]>(
    () => [
      {
        tag: "choiceInteraction",
        attrs: { response: "r1", maxChoices: "1" },
        children: [
          { tag: "prompt", children: [{ text: t("training_prompt") }] },
          { tag: "choice", attrs: { id: "c1" }, children: [{ text: t("training_sun") }] },
          { tag: "choice", attrs: { id: "c2" }, children: [{ text: t("training_stone") }] },
        ],
      },
    ],
    [t],
  );
  return (
    <section className="sitting-training" aria-labelledby="entrainement">
      <h2 id="entrainement">{t("training_title")}</h2>
      <Question name="training" body={body} files={{}} values={values} onChange={setValues} />
      {asList(values.r1).length > 0 && !done && (
        <Button onPress={onDone}>{t("training_done")}</Button>
      )}
      {done && <Notice tone="tree">{t("training_ready")}</Notice>}
    </section>
  );
}
