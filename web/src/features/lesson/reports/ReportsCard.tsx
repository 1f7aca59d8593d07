import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { NamesLine } from "@/features/names/SeatName";
import { useNames } from "@/features/names/useNames";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Card, ErrorState, Notice, Skeleton } from "@/ui";
import { reportsQuery } from "../api";
import type { Excerpt } from "./freeze";
import { openExcerpt } from "./open";
import "../list/list.css";

type Opened = Excerpt | "sealed" | "unreadable";

function Kept({ title, createdAt, sealed, canOpen }: { title: string; createdAt: number; sealed: string; canOpen: boolean }) {
  const t = useT("lessons");
  const format = useSchoolFormat();
  const [opened, setOpened] = useState<Opened>("sealed");
  const [pending, setPending] = useState(false);
  const open = async () => {
    setPending(true);
    setOpened((await openExcerpt(sealed)) ?? "unreadable");
    setPending(false);
  };
  return (
    <li className="kept-report">
      <p>
        <strong>{title}</strong>, {format.moment(createdAt)}
      </p>
      {opened === "sealed" && canOpen && (
        <Button pending={pending} label={t("report_open_of", { title })} onPress={() => void open()}>
          {t("report_open")}
        </Button>
      )}
      {opened === "unreadable" && <Notice tone="brick">{t("report_unreadable")}</Notice>}
      {typeof opened === "object" && (
        <>
          <p>{t(opened.report.who ? "report_by_about" : "report_by", { by: opened.report.by, who: opened.report.who ?? "" })}</p>
          {opened.report.text && <p className="message-text">{opened.report.text}</p>}
          <ul className="kept-messages">
            {opened.messages.map((m) => (
              <li key={m.id} className={m.id === opened.report.message ? "kept-marked" : undefined}>
                {format.time(m.at)} {m.by}{t("colon")} {m.text}
              </li>
            ))}
          </ul>
        </>
      )}
    </li>
  );
}

/** What adults kept of pupils' reports, for whoever leads the school: sealed to them, opened in this browser. */
export function ReportsCard() {
  const t = useT("lessons");
  const { school } = useWork();
  const reports = useQuery(reportsQuery(school.id));
  const names = useNames(school.id);
  const canOpen = names.status === "ready" && !names.school.locked;
  if (reports.data?.length === 0) return null;
  return (
    <Card title={t("reports")} intro={t("reports_intro")}>
      {reports.data ? (
        <>
          {!canOpen && <NamesLine names={names} />}
          <ul>
            {reports.data.map((r) => (
              <Kept key={r.id} title={r.title} createdAt={r.createdAt} sealed={r.sealed} canOpen={canOpen} />
            ))}
          </ul>
        </>
      ) : reports.error ? (
        <ErrorState error={reports.error} onRetry={() => void reports.refetch()} />
      ) : (
        <Skeleton rows={2} />
      )}
    </Card>
  );
}
