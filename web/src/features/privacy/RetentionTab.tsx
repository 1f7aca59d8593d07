import { useQuery } from "@tanstack/react-query";
import { Eraser } from "lucide-react";
import { useState } from "react";
import { useFormat, useT } from "@/i18n";
import { Button, Card, type Column, ConfirmDialog, ErrorState, Notice, Skeleton, Table, toast } from "@/ui";
import { colleaguesQuery, type Retention, retentionQuery, type Rule, type Run, useRunRetention } from "./api";
import { DueBars } from "./DueBars";
import { ShortenDialog } from "./ShortenDialog";

/** Rows that a run would take now, without those that hang from them: a row may hang from two. */
function dueRows(retention: Retention): number {
  return retention.rules.reduce((sum, rule) => sum + rule.rows, 0);
}

function Rules({ rules, school, acts }: { rules: readonly Rule[]; school: string; acts: boolean }) {
  const t = useT("privacy");
  const [asked, setAsked] = useState<Rule | null>(null);
  const columns: Column<Rule>[] = [
    { id: "what", head: t("rule_what"), main: true, cell: (rule) => rule.what },
    {
      id: "kept",
      head: t("rule_kept"),
      cell: (rule) => (
        <>
          {t("rule_days", { count: rule.days, from: rule.from })}
          {rule.days < rule.mapDays && <span className="privacy-note"> ({t("rule_shortened")})</span>}
        </>
      ),
    },
    { id: "due", head: t("rule_due"), end: true, cell: (rule) => rule.rows },
    {
      id: "act",
      head: t("rule_change"),
      headHidden: true,
      end: true,
      cell: (rule) =>
        acts &&
        rule.least < rule.mapDays && (
          <Button tone="quiet" label={t("shorten_label", { what: rule.what, from: rule.from })} onPress={() => setAsked(rule)}>
            {t("shorten")}
          </Button>
        ),
    },
  ];
  return (
    <Card title={t("rules_title")} intro={t("rules_intro")}>
      <Table label={t("rules_list")} rows={rules} columns={columns} rowId={(rule) => rule.rule} />
      {asked && <ShortenDialog school={school} rule={asked} onClose={() => setAsked(null)} />}
    </Card>
  );
}

function Runs({ runs, school }: { runs: readonly Run[]; school: string }) {
  const t = useT("privacy");
  const format = useFormat();
  const colleagues = useQuery(colleaguesQuery(school));
  const columns: Column<Run>[] = [
    { id: "when", head: t("run_when"), main: true, cell: (run) => format.moment(run.createdAt) },
    { id: "by", head: t("run_by"), cell: (run) => (run.by ? (colleagues.data?.get(run.by) ?? t("actor_gone")) : t("run_night")) },
    { id: "rows", head: t("run_rows"), end: true, cell: (run) => run.rows },
    { id: "state", head: t("run_state"), cell: (run) => t(run.doneAt === null ? "run_going" : "run_done") },
  ];
  return (
    <Card title={t("runs_title")}>
      {runs.length === 0 ? <p>{t("runs_none")}</p> : <Table label={t("runs_list")} rows={runs} columns={columns} rowId={(run) => run.id} />}
    </Card>
  );
}

/** What has reached its end, drawn before it is erased. */
export function RetentionTab({ school, acts }: { school: string; acts: boolean }) {
  const t = useT("privacy");
  const { data, error, refetch } = useQuery(retentionQuery(school));
  const run = useRunRetention(school);
  const [asking, setAsking] = useState(false);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={8} />;
  const total = dueRows(data);
  const going = data.runs.some((r) => r.doneAt === null);
  return (
    <div className="privacy-tab">
      <Card
        title={t("retention_title")}
        intro={t("retention_intro")}
        action={
          acts &&
          total > 0 && (
            <Button tone="main" icon={<Eraser aria-hidden size={18} />} onPress={() => setAsking(true)} pending={going}>
              {t("retention_run")}
            </Button>
          )
        }
      >
        {total === 0 ? (
          <Notice tone="tree">{t("retention_none")}</Notice>
        ) : (
          <>
            <p className="privacy-total">{t("retention_total", { count: total })}</p>
            <DueBars rules={data.rules.filter((rule) => rule.rows > 0)} />
          </>
        )}
      </Card>
      <Rules rules={data.rules} school={school} acts={acts} />
      <Runs runs={data.runs} school={school} />
      <ConfirmDialog
        title={t("retention_confirm_title")}
        action={t("retention_run")}
        danger
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await run.mutateAsync(undefined);
          toast(t("retention_started"));
        }}
      >
        <p>{t("retention_confirm", { count: total })}</p>
      </ConfirmDialog>
    </div>
  );
}
