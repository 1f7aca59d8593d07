import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { useT } from "@/i18n";
import { Button, Card, type Column, ErrorState, Page, ProblemNotice, Skeleton, Table, toast } from "@/ui";
import { type Decision, decisionsQuery, journalKey, type LogLine, logQuery, tellDecision } from "../api";
import { JournalTabs } from "../JournalTabs";
import { usePlace, usePlaceFormat } from "../place";
import { titleOf } from "../words";

/** An act as the catalogue writes it. */
type Underscored<A extends string> = A extends `${infer Of}.${infer Done}` ? `${Of}_${Done}` : A;
const logged = (act: LogLine["act"]) => act.replace(".", "_") as Underscored<LogLine["act"]>;

/** What was decided, by whom and why: the head's decisions in lycée, then the log of moderation. */
export default function DecisionsPage() {
  const t = useT("desk");
  const { school, me, base } = usePlace();
  const format = usePlaceFormat();
  const queries = useQueryClient();
  const decisions = useQuery(decisionsQuery(school));
  const log = useQuery(logQuery(school));
  const tell = useMutation({
    mutationFn: (id: string) => tellDecision(school, id),
    onSuccess: async () => {
      toast(t("told_done"));
      await queries.invalidateQueries({ queryKey: journalKey(school) });
    },
  });
  const columns: Column<Decision>[] = [
    { id: "piece", head: t("piece"), main: true, cell: (d) => <Link href={`${base}/article/${d.piece}`}>{titleOf(t, d)}</Link> },
    { id: "act", head: t("decision"), cell: (d) => t(`did_${d.act}`) },
    { id: "reason", head: t("reason"), cell: (d) => d.reason },
    { id: "at", head: t("date"), cell: (d) => format.moment(d.at) },
    {
      id: "told",
      head: t("told"),
      cell: (d) =>
        d.act === "lift" ? (
          ""
        ) : d.toldAt !== undefined ? (
          format.date(d.toldAt)
        ) : me.head ? (
          <Button onPress={() => tell.mutate(d.id)} pending={tell.isPending && tell.variables === d.id} label={t("tell_of", { title: titleOf(t, d) })}>
            {t("tell")}
          </Button>
        ) : (
          t("told_not")
        ),
    },
  ];
  const lines: Column<LogLine>[] = [
    { id: "at", head: t("date"), main: true, cell: (l) => format.moment(l.at) },
    { id: "act", head: t("decision"), cell: (l) => t(`log_${logged(l.act)}`) },
    { id: "piece", head: t("piece"), cell: (l) => l.title ?? "" },
    { id: "who", head: t("log_who"), cell: (l) => <span translate="no">{l.who ?? t("nobody")}</span> },
    { id: "reason", head: t("reason"), cell: (l) => l.reason ?? "" },
  ];
  return (
    <Page title={t("tab_decisions")}>
      <JournalTabs />
      {tell.error && <ProblemNotice problem={tell.error} />}
      {me.regime === "pupils" && (
        <Card title={t("decisions")} intro={t("law_told")}>
          {!decisions.data ? (
            decisions.error ? <ErrorState error={decisions.error} onRetry={() => void decisions.refetch()} /> : <Skeleton rows={3} />
          ) : decisions.data.length === 0 ? (
            <p>{t("decisions_none")}</p>
          ) : (
            <Table label={t("decisions")} rows={decisions.data} columns={columns} rowId={(d) => d.id} rowName={(d) => titleOf(t, d)} />
          )}
        </Card>
      )}
      <Card title={t("log")} intro={t("log_intro")}>
        {!log.data ? (
          log.error ? <ErrorState error={log.error} onRetry={() => void log.refetch()} /> : <Skeleton rows={3} />
        ) : log.data.length === 0 ? (
          <p>{t("log_none")}</p>
        ) : (
          <Table label={t("log")} rows={log.data} columns={lines} rowId={(l) => l.id} page={50} />
        )}
      </Card>
    </Page>
  );
}
