import { useT } from "@/i18n";
import { Button, Progress } from "@/ui";
import type { Work } from "./work";

/** The work before a typed code is looked at, the wait for staff to answer, or for one's turn. */
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
  if ("place" in work) {
    return (
      <div className="child-card" role="status">
        <p>{t("in_line", { count: work.place })}</p>
        <p>{t("in_line_wait", { count: work.seconds })}</p>
        <Button onPress={onStop}>{t("stop")}</Button>
      </div>
    );
  }
  return <Progress label={t("working")} done={Math.round(work.share * 100)} total={100} onStop={onStop} />;
}
