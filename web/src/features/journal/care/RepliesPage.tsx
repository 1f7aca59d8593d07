import { useQuery } from "@tanstack/react-query";
import { Scale } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useT } from "@/i18n";
import { Card, Empty, ErrorState, Notice, Page, Select, Skeleton } from "@/ui";
import { answerReply, repliesQuery, type Reply } from "../api";
import { JournalTabs } from "../JournalTabs";
import { usePlace, usePlaceFormat } from "../place";
import { paragraphs } from "../queue/queue";
import { nearness, titleOf } from "../words";
import { VerdictForm } from "./VerdictForm";

const shelves = ["waiting", "inserted", "refused"] as const;
const HOUR = 3_600_000;

/** The three days of the decree, as they pass. */
function Clock({ due }: { due: number }) {
  const t = useT("desk");
  const format = usePlaceFormat();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const near = nearness(due, now);
  return (
    <Notice tone={near === "far" ? "sun" : "brick"} title={near === "late" ? t("clock_late") : t("clock_left", { count: Math.floor((due - now) / HOUR) })}>
      {t("clock_due", { moment: format.moment(due) })}
    </Notice>
  );
}

function One({ reply }: { reply: Reply }) {
  const t = useT("desk");
  const { school, base } = usePlace();
  const format = usePlaceFormat();
  return (
    <Card title={t("reply_from", { name: reply.name, title: titleOf(t, reply) })}>
      <p className="card-intro">
        {t("asked_on", { moment: format.moment(reply.at) })} · <Link href={`${base}/article/${reply.pieceId}`}>{t("to_piece")}</Link>
      </p>
      {reply.status === "waiting" && <Clock due={reply.dueAt} />}
      {reply.contact && (
        <p>
          <strong>{t("reply_contact")}</strong> {reply.contact}
        </p>
      )}
      <h3>{t("reply_passages")}</h3>
      <blockquote className="piece-quote">{reply.passages}</blockquote>
      <h3>{t("reply_text")}</h3>
      {paragraphs(reply.text).map((p, i) => (
        <p key={i}>{p}</p>
      ))}
      {reply.reason && (
        <p>
          <strong>{t("reason")}</strong> {reply.reason}
        </p>
      )}
      {reply.status === "waiting" && (
        <VerdictForm yes={t("reply_insert")} no={t("reply_refuse")} yesText={t("reply_insert_text")} noText={t("reply_refuse_text")} run={(accept, reason) => answerReply(school, reply.id, accept, reason)} />
      )}
    </Card>
  );
}

/** The requests of the right of reply, the nearest to its limit first. */
export default function RepliesPage() {
  const t = useT("desk");
  const { school } = usePlace();
  const [status, setStatus] = useState<(typeof shelves)[number]>("waiting");
  const replies = useQuery(repliesQuery(school, status));
  return (
    <Page title={t("tab_replies")} intro={t("law_reply")}>
      <JournalTabs />
      <Select label={t("show")} value={status} options={shelves.map((id) => ({ id, label: t(`reply_${id}`) }))} onChange={setStatus} />
      {!replies.data ? (
        replies.error ? <ErrorState error={replies.error} onRetry={() => void replies.refetch()} /> : <Skeleton rows={3} shape="cards" />
      ) : replies.data.length === 0 ? (
        <Empty icon={<Scale aria-hidden size={32} />} title={t("replies_none")} />
      ) : (
        replies.data.map((reply) => <One key={reply.id} reply={reply} />)
      )}
    </Page>
  );
}
