import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useT } from "@/i18n";
import { Card, Empty, ErrorState, Notice, Page, Select, Skeleton } from "@/ui";
import { judgeReport, type Reported, reportsQuery } from "../api";
import { JournalTabs } from "../JournalTabs";
import { usePlace, usePlaceFormat } from "../place";
import { paragraphs } from "../queue/queue";
import { titleOf } from "../words";
import { VerdictForm } from "./VerdictForm";

const shelves = ["waiting", "upheld", "dismissed"] as const;

function One({ report }: { report: Reported }) {
  const t = useT("desk");
  const { school, base } = usePlace();
  const format = usePlaceFormat();
  return (
    <Card title={t(report.contributionId ? "report_contribution" : "report_piece", { title: titleOf(t, report) })}>
      <p className="card-intro">
        {t(`why_${report.why}`)} · {format.moment(report.at)} · <Link href={`${base}/article/${report.pieceId}`}>{t("to_piece")}</Link>
      </p>
      {report.hidden && report.status === "waiting" && <Notice tone="brick">{t("report_hides")}</Notice>}
      {report.excerpt && <blockquote className="piece-quote">{report.excerpt}</blockquote>}
      {paragraphs(report.text).map((p, i) => (
        <p key={i}>{p}</p>
      ))}
      {report.reason && (
        <p>
          <strong>{t("reason")}</strong> {report.reason}
        </p>
      )}
      {report.status === "waiting" && (
        <VerdictForm
          yes={t("report_uphold")}
          no={t("report_dismiss")}
          yesText={t(report.contributionId ? "report_uphold_contribution" : "report_uphold_piece")}
          noText={t("report_dismiss_text")}
          run={(accept, reason) => judgeReport(school, report.id, accept, reason)}
        />
      )}
    </Card>
  );
}

/** What readers reported, those that hide something first. */
export default function ReportsPage() {
  const t = useT("desk");
  const { school } = usePlace();
  const [status, setStatus] = useState<(typeof shelves)[number]>("waiting");
  const reports = useQuery(reportsQuery(school, status));
  return (
    <Page title={t("tab_reports")} intro={t("reports_intro")}>
      <JournalTabs />
      <Select label={t("show")} value={status} options={shelves.map((id) => ({ id, label: t(`report_${id}`) }))} onChange={setStatus} />
      {!reports.data ? (
        reports.error ? <ErrorState error={reports.error} onRetry={() => void reports.refetch()} /> : <Skeleton rows={3} shape="cards" />
      ) : reports.data.length === 0 ? (
        <Empty icon={<ShieldCheck aria-hidden size={32} />} title={t("reports_none")} />
      ) : (
        reports.data.map((report) => <One key={report.id} report={report} />)
      )}
    </Page>
  );
}
