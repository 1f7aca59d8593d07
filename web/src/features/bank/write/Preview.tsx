import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Content } from "@/features/sitting/render/Content";
import { Question } from "@/features/sitting/render/Question";
import { isAnswered, type Values } from "@/features/sitting/render/tree";
import { useWork } from "@/features/session/school";
import { useFormat, useT } from "@/i18n";
import { Button, Notice, ProblemNotice } from "@/ui";
import { questionsKey, tryDraft } from "../api";
import { type Sheet, toDraft } from "./sheet";

/** How long after the last change the preview is asked for. In ms. */
const SETTLE = 500;

/** The value as it was when nothing had changed for a while. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The question as a pupil will see it, by the very way that pupils' questions go, and what an answer to it is worth. */
export function Preview({ sheet }: { sheet: Sheet }) {
  const t = useT("writing");
  const format = useFormat();
  const { school } = useWork();
  const settled = useSettled(sheet);
  const [values, setValues] = useState<Values>({});
  const shown = useQuery({
    queryKey: questionsKey(school.id, "try", JSON.stringify(settled)),
    queryFn: ({ signal }) => tryDraft(school.id, toDraft(settled), {}, signal),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  const attempt = useMutation({ mutationFn: () => tryDraft(school.id, toDraft(sheet), values) });
  const view = shown.data?.view;
  const body = JSON.stringify(view?.public.body);
  const { reset } = attempt;
  useEffect(() => {
    setValues({});
    reset();
  }, [body, reset]);
  const change = (next: Values) => {
    setValues(next);
    reset();
  };
  return (
    <section className="write-preview" aria-label={t("preview")}>
      <h2>{t("preview")}</h2>
      {shown.error && <ProblemNotice problem={shown.error} />}
      {!view ? (
        <p className="field-help">{t("preview_later")}</p>
      ) : (
        <>
          <div className="write-paper">
            <Question name="preview" body={view.public.body} files={view.files ?? {}} language={view.public.language} values={values} onChange={change} />
          </div>
          {sheet.kind !== "long" && (
            <div className="write-tools">
              <Button onPress={() => attempt.mutate()} disabled={!isAnswered(values)} pending={attempt.isPending}>
                {t("check_answer")}
              </Button>
            </div>
          )}
          <div role="status">
            {attempt.error && <ProblemNotice problem={attempt.error} />}
            {attempt.data && (
              <Notice tone={attempt.data.score === sheet.points ? "tree" : "sun"}>
                {t("worth", { score: format.number(attempt.data.score ?? 0), points: format.number(sheet.points) })}
                {attempt.data.said?.map((node, i) => (
                  <Content key={i} nodes={node.children ?? []} />
                ))}
              </Notice>
            )}
          </div>
        </>
      )}
    </section>
  );
}
