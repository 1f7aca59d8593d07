import { useT } from "@/i18n";
import { Card, Notice, Table, type Column } from "@/ui";
import { changes, type Comparison, type Present } from "./compare";
import type { GroupPlan } from "./groupPlan";
import type { JourneyActs } from "./journey";
import { StepActions } from "./StepActions";
import type { KnownSeat, SchoolNow } from "./school";

interface CompareStepProps {
  acts: JourneyActs;
  comparison: Comparison;
  plan: GroupPlan;
  now: SchoolNow;
}

/** The fourth step: who arrives, who is already there, who is no longer on the list. */
export function CompareStep({ acts, comparison, plan, now }: CompareStepProps) {
  const t = useT("import");
  const { arrivals, present, departed, unread } = comparison;
  const changing = present.filter(changes);
  const groupName = new Map([...now.groups.map((g) => [g.id, g.name] as const), ...plan.groups.map((g) => [g.ref, g.name] as const)]);
  const namesOf = (refs: readonly string[]) => refs.map((r) => groupName.get(r) ?? "").filter(Boolean).join(", ") || t("no_group");
  const what = (p: Present) =>
    [
      p.back ? t("change_back") : "",
      p.groups === null ? "" : t("change_groups", { before: namesOf(p.seat.groups), after: namesOf(p.groups) }),
      p.level === null ? "" : t("change_level", { level: p.level }),
    ]
      .filter(Boolean)
      .join(", ");
  const nothing = arrivals.length === 0 && changing.length === 0 && departed.length === 0;
  return (
    <>
      {unread > 0 && <Notice tone="sun">{t("unread", { count: unread })}</Notice>}
      {nothing && <Notice tone="tree">{t("nothing_to_do")}</Notice>}
      {arrivals.length > 0 && <Card title={t("arrivals", { count: arrivals.length })} intro={t("arrivals_help")} />}
      {present.length > 0 && (
        <Card title={t("present", { count: present.length })} intro={t("present_same")}>
          {changing.length > 0 && (
            <>
              <p>{t("present_changes", { count: changing.length })}</p>
              <Table
                label={t("present_changes", { count: changing.length })}
                rows={changing}
                rowId={(p) => p.seat.id}
                page={50}
                columns={[
                  { id: "name", head: t("col_pupil"), main: true, cell: (p) => `${p.pupil.last} ${p.pupil.first}` },
                  { id: "what", head: t("col_change"), cell: what },
                ]}
              />
            </>
          )}
        </Card>
      )}
      {departed.length > 0 && (
        <Card title={t("departed", { count: departed.length })} intro={t("departed_help")}>
          <Departed departed={departed} acts={acts} namesOf={namesOf} />
        </Card>
      )}
      <StepActions acts={acts} next={t("next")} to={arrivals.length > 0 ? "pseudonyms" : "send"} back="groups" disabled={nothing} />
    </>
  );
}

function Departed({ departed, acts, namesOf }: { departed: readonly KnownSeat[]; acts: JourneyActs; namesOf: (refs: readonly string[]) => string }) {
  const t = useT("import");
  const columns: Column<KnownSeat>[] = [
    { id: "name", head: t("col_pupil"), main: true, cell: (s) => (s.name ? `${s.name.last} ${s.name.first}` : s.pseudonym) },
    { id: "groups", head: t("col_groups"), cell: (s) => namesOf(s.groups) },
    { id: "pseudonym", head: t("col_pseudonym"), cell: (s) => s.pseudonym },
  ];
  return (
    <Table
      label={t("departed", { count: departed.length })}
      rows={departed}
      columns={columns}
      rowId={(s) => s.id}
      rowName={(s) => (s.name ? `${s.name.last} ${s.name.first}` : s.pseudonym)}
      selected={acts.journey.leaving}
      onSelect={(leaving) => acts.change({ leaving })}
      page={50}
    />
  );
}
