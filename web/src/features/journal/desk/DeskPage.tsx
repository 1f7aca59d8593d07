import { useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useT } from "@/i18n";
import { Card, type Column, Empty, ErrorState, Notice, Page, Select, Skeleton, Table } from "@/ui";
import { type DeskCounts, deskPiecesQuery, deskQuery, type DeskState, type PieceLine } from "../api";
import { JournalTabs } from "../JournalTabs";
import { answers, moderates, usePlace, usePlaceFormat } from "../place";
import { nearness, signed, standsAt, titleOf } from "../words";

const states: readonly DeskState[] = ["waiting", "moved", "published", "refused", "withdrawn", "suspended", "forbidden"];

/** What nears a limit of the law, above all else. */
function Limits({ desk }: { desk: DeskCounts }) {
  const t = useT("desk");
  const { base, me, as } = usePlace();
  const format = usePlaceFormat();
  const now = Date.now();
  return (
    <>
      {answers(me) && desk.replies > 0 && desk.replyDueAt !== undefined && (
        <Notice tone={nearness(desk.replyDueAt, now) === "far" ? "sun" : "brick"} title={t("limit_replies", { count: desk.replies })}>
          <p>
            {t(nearness(desk.replyDueAt, now) === "late" ? "limit_late" : "limit_due", { moment: format.moment(desk.replyDueAt) })} {t("law_reply")}
          </p>
          <p>
            <Link href={`${base}/reponses`}>{t("tab_replies")}</Link>
          </p>
        </Notice>
      )}
      {moderates(me) && desk.hidden > 0 && (
        <Notice tone="brick" title={t("limit_hidden", { count: desk.hidden })}>
          <p>{t("limit_hidden_text")}</p>
          <p>
            <Link href={`${base}/signalements`}>{t("tab_reports")}</Link>
          </p>
        </Notice>
      )}
      {as === "staff" && me.head && desk.untold > 0 && (
        <Notice tone="sun" title={t("limit_untold", { count: desk.untold })}>
          <p>{t("law_told")}</p>
          <p>
            <Link href={`${base}/decisions`}>{t("tab_decisions")}</Link>
          </p>
        </Notice>
      )}
    </>
  );
}

/** The desk: what waits, since when, who has it, what nears a limit. */
export default function DeskPage() {
  const t = useT("desk");
  const { school, me, base } = usePlace();
  const format = usePlaceFormat();
  const [state, setState] = useState<DeskState>(() => states.find((s) => s === new URLSearchParams(location.search).get("etat")) ?? "waiting");
  const desk = useQuery(deskQuery(school));
  const pieces = useQuery(deskPiecesQuery(school, state));
  const now = Date.now();
  const columns: Column<PieceLine>[] = [
    { id: "title", head: t("piece"), main: true, cell: (p) => <Link href={`${base}/article/${p.id}`}>{titleOf(t, p)}</Link> },
    { id: "authors", head: t("authors"), cell: (p) => signed(t, p.authors) },
    { id: "stands", head: t("stands"), cell: (p) => standsAt(t, p, now) },
    state === "waiting"
      ? { id: "since", head: t("since"), cell: (p) => (p.askedAt === undefined ? "" : format.ago(p.askedAt, now)) }
      : { id: "changed", head: t("changed"), cell: (p) => format.ago(p.changedAt, now) },
    ...(state === "waiting" ? [{ id: "holder", head: t("holder"), cell: (p: PieceLine) => p.holder ?? t("holder_none") }] : []),
  ];
  return (
    <Page title={t("tab_desk")} intro={t(`law_${me.regime}`)}>
      <JournalTabs />
      {desk.error && !desk.data && <ErrorState error={desk.error} onRetry={() => void desk.refetch()} />}
      {desk.data && (
        <>
          <Limits desk={desk.data} />
          {moderates(me) && (
            <p>
              <Link className="desk-link" href={`${base}/complements`}>
                {t("wait_contributions", { count: desk.data.contributions })}
              </Link>{" "}
              · {t("wait_spam", { count: desk.data.spam })} ·{" "}
              <Link className="desk-link" href={`${base}/signalements`}>
                {t("wait_reports", { count: desk.data.reports })}
              </Link>
            </p>
          )}
        </>
      )}
      <Card title={t("pieces")} action={<Select label={t("show")} value={state} options={states.map((id) => ({ id, label: t(`state_${id}`) }))} onChange={setState} />}>
        {!pieces.data ? (
          pieces.error ? <ErrorState error={pieces.error} onRetry={() => void pieces.refetch()} /> : <Skeleton rows={4} />
        ) : pieces.data.length === 0 ? (
          <Empty icon={<Inbox aria-hidden size={32} />} title={t(state === "waiting" ? "nothing_waits" : "none_in_state")}>
            {state === "waiting" ? t(`nothing_waits_${me.regime}`) : undefined}
          </Empty>
        ) : (
          <Table label={t("pieces")} rows={pieces.data} columns={columns} rowId={(p) => p.id} rowName={(p) => titleOf(t, p)} />
        )}
      </Card>
    </Page>
  );
}
