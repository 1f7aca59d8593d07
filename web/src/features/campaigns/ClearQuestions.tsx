import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "@/api/client";
import type { ItemView } from "@/features/sitting/api";
import { Question } from "@/features/sitting/render/Question";
import type { Values } from "@/features/sitting/render/tree";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, ErrorState, Skeleton } from "@/ui";
import type { PublishedCampaign } from "./files";

/** The questions that stand in clear in a campaign's file, one at a time. */
export function ClearQuestions({ file }: { file: PublishedCampaign }) {
  const t = useT("campaignfile");
  const [number, setNumber] = useState(0);
  if (number === 0) {
    return (
      <div>
        <p className="card-intro">{t("look_text")}</p>
        <Button onPress={() => setNumber(1)}>{t("look")}</Button>
      </div>
    );
  }
  return (
    <section aria-labelledby="clear-question">
      <h3 id="clear-question" aria-live="polite">
        {t("question_of", { number, count: file.questions })}
      </h3>
      <One key={number} file={file.id} number={number} />
      <Actions>
        <Button disabled={number === 1} onPress={() => setNumber(number - 1)}>
          {t("before")}
        </Button>
        <Button disabled={number === file.questions} onPress={() => setNumber(number + 1)}>
          {t("after")}
        </Button>
      </Actions>
    </section>
  );
}

function One({ file, number }: { file: string; number: number }) {
  const { school } = useWork();
  const [values, setValues] = useState<Values>({});
  const { data, error } = useQuery({
    queryKey: ["school", school.id, "campaign-files", file, "question", number],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/campaign-files/{file}/questions/{question}", { params: { path: { school: school.id, file, question: number } }, signal }))) as unknown as ItemView,
    staleTime: Infinity,
  });
  if (error) return <ErrorState error={error} />;
  if (!data) return <Skeleton rows={3} />;
  return <Question name={data.key} body={data.public.body} files={data.files ?? {}} language={data.public.language} values={values} onChange={setValues} />;
}
