import { useQuery } from "@tanstack/react-query";
import { reportQuery, type RoomSeat } from "@/features/campaigns/api";
import { useSchoolFormat } from "@/features/session/school";
import { useT } from "@/i18n";
import { Card, PrintButton } from "@/ui";
import type { At } from "./RoomView";

/** What is left to say at the end: who took it, and what happened. */
export function RoomReport({ at, seats }: { at: At; seats: readonly RoomSeat[] }) {
  const t = useT("invigilation");
  const format = useSchoolFormat();
  const { data } = useQuery(reportQuery(at.school, at.campaign, at.group, at.sequence));
  if (!data || data.events.length === 0) return null;
  const who = (id: string) => seats.find((s) => s.seat === id)?.pseudonym ?? "";
  return (
    <Card title={t("report")} action={<PrintButton word={t("print")} />}>
      <p>{t("report_counts", { finished: data.finished, begun: data.begun, absent: data.absent, exempt: data.exempt, redo: data.toRedo })}</p>
      <ol className="room-events">
        {data.events.map((e, i) => (
          <li key={i}>
            <span>{format.time(e.at)}</span>
            <span>
              {who(e.seat)} : {t(`event_${e.kind}`)}
              {e.data?.note ? ` : ${e.data.note}` : ""}
              {e.data?.minutes ? ` (${t("left", { count: Number(e.data.minutes) })})` : ""}
              {e.data?.seconds ? ` (${t("left", { count: Math.ceil(Number(e.data.seconds) / 60) })})` : ""}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
