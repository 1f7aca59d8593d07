import { useT } from "@/i18n";
import { Button, Progress } from "@/ui";
import type { Work } from "./work";

/** The work before a typed code is looked at, or the wait for staff to answer. */
export function WorkNotice({ work, onStop }: { work: Work; onStop: () => void }) {
  const t = useT("pupil");
  if (work === "staff") {
    return (
      <div className="child-card" role="status">
        <p>{t("ask_staff")}</p>
        <Button onPress={onStop}>{t("stop")}</Button>
      </div>
    );
  }
  return <Progress label={t("working")} done={Math.round(work.share * 100)} total={100} onStop={onStop} />;
}
