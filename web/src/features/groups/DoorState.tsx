import { DoorClosed, DoorOpen } from "lucide-react";
import { useSchoolFormat } from "@/features/session/school";
import { useT } from "@/i18n";
import "./groups.css";

/** Whether a group's door is open, and until when. */
export function DoorState({ until }: { until: number | undefined }) {
  const t = useT("groups");
  const format = useSchoolFormat();
  return until === undefined ? (
    <span className="door-state">
      <DoorClosed aria-hidden size={18} />
      {t("door_closed")}
    </span>
  ) : (
    <span className="door-state door-state-open">
      <DoorOpen aria-hidden size={18} />
      {t("door_open_until", { time: format.time(until) })}
    </span>
  );
}
