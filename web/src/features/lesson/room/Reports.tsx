import { Snowflake } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useFormat, useT } from "@/i18n";
import { Button, ProblemNotice } from "@/ui";
import type { Known } from "../live/fold";
import type { Live } from "../live/live";
import type { Message } from "../live/protocol";
import { useRoom } from "./context";

/** What a pupil reported, as it reached this adult. */
export interface Reported {
  id: string;
  at: number;
  by: string;
  who?: string;
  text?: string;
  message?: Message;
}

/** What was reported in this lesson. */
export function useReports(live: Live, known: Known): readonly Reported[] {
  const [heard, setHeard] = useState<readonly Reported[]>([]);
  useEffect(
    () =>
      live.onEvent((event, now) => {
        if (event.ev !== "reported") return;
        const one: Reported = {
          id: event.report as string, at: event.at, by: event.by ?? "", who: event.who as string | undefined, text: event.text as string | undefined,
          message: now.messages.find((m) => m.id === event.message),
        };
        setHeard((all) => (all.some((r) => r.id === one.id) ? all : [...all, one]));
      }),
    [live],
  );
  // Whoever comes back to the lesson has what was reported before in its snapshot.
  const before = known.reports;
  return useMemo(() => {
    const told = (before ?? []).map((r): Reported => ({ id: r.report, at: r.at, by: r.by, who: r.who, text: r.text, message: known.messages.find((m) => m.id === r.message) }));
    return [...told.filter((r) => !heard.some((h) => h.id === r.id)), ...heard];
  }, [before, heard, known.messages]);
}

/** Keeps an excerpt for the head; rejects with a problem. Absent where this browser cannot seal to the head. */
export type Freeze = (report: Reported, around: readonly Message[], nameIn: (who: string) => string) => Promise<void>;

const AROUND = 10;

function One({ report, freeze }: { report: Reported; freeze?: Freeze }) {
  const t = useT("live");
  const { nameOf, zone, known } = useRoom();
  const format = useFormat(zone);
  const [state, setState] = useState<"open" | "sealing" | "frozen">("open");
  const [problem, setProblem] = useState<unknown>(null);
  const keep = async () => {
    setState("sealing");
    setProblem(null);
    const at = known.messages.findIndex((m) => m.id === report.message?.id);
    const around = at < 0 ? known.messages.filter((m) => m.at <= report.at).slice(-AROUND) : known.messages.slice(Math.max(0, at - AROUND), at + AROUND + 1);
    try {
      await freeze?.(report, around, nameOf);
      setState("frozen");
    } catch (error) {
      setProblem(error);
      setState("open");
    }
  };
  return (
    <li className="report">
      <p className="message-head">
        <strong translate="no">{t("report_by", { name: nameOf(report.by) })}</strong>
        <time dateTime={new Date(report.at).toISOString()}>{format.time(report.at)}</time>
      </p>
      {report.message && (
        <blockquote className="report-quote">
          <p>{report.message.text}</p>
          <footer translate="no">{nameOf(report.message.by)}</footer>
        </blockquote>
      )}
      {!report.message && report.who && <p translate="no">{t("report_about", { name: nameOf(report.who) })}</p>}
      {report.text && <p>{report.text}</p>}
      {problem !== null && <ProblemNotice problem={problem} />}
      {state === "frozen" ? (
        <p role="status">{t("frozen")}</p>
      ) : (
        freeze && (
          <Button icon={<Snowflake aria-hidden size={18} />} pending={state === "sealing"} onPress={() => void keep()}>
            {t("freeze")}
          </Button>
        )
      )}
    </li>
  );
}

/** What pupils reported in private; each can be kept for the head, sealed. */
export function Reports({ reports, freeze }: { reports: readonly Reported[]; freeze?: Freeze }) {
  const t = useT("live");
  if (reports.length === 0) return <p className="side-empty">{t("reports_none")}</p>;
  return (
    <>
      <p className="side-count">{t(freeze ? "reports_text" : "reports_locked")}</p>
      <ul className="reports">
        {reports.map((report) => (
          <One key={report.id} report={report} freeze={freeze} />
        ))}
      </ul>
      <p className="side-count">{t("report_3018")}</p>
    </>
  );
}
