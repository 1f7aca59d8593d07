import { useT } from "@/i18n";
import { Button, Progress } from "@/ui";
import type { Work } from "./work";

/** The work, or the wait, before a typed code is looked at. */
export function WorkNotice({ work, onStop }: { work: Work; onStop: () => void }) {
  const t = useT("pupil");
  if (work === "queue") {
    return (
      <div className="child-card" role="status">
        <p>{t("queue")}</p>
        <Button onPress={onStop}>{t("stop")}</Button>
      </div>
    );
  }
  return <Progress label={t("working")} done={Math.round(work.share * 100)} total={100} onStop={onStop} />;
}
