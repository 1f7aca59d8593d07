import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useT } from "@/i18n";
import { Button, ErrorState, LinkButton, Notice, Page, Progress, Skeleton } from "@/ui";
import { yearsQuery } from "../groups/api";
import { useLoadedNames, type Names } from "../names/useNames";
import { PseudonymDrawer, PseudonymsExhausted } from "../pseudonyms/draw";
import { secureBelow } from "../pseudonyms/random";
import { importApi, knownGroup, knownSeat, type YearRow } from "./api";
import { ColumnsStep } from "./ColumnsStep";
import { compare, type Comparison } from "./compare";
import { CompareStep } from "./CompareStep";
import { DoneStep } from "./DoneStep";
import { planGroups, refsOf, type GroupPlan } from "./groupPlan";
import { GroupsStep } from "./GroupsStep";
import { journeys, STEPS, useJourney, type JourneyActs, type Step } from "./journey";
import { makePupils } from "./pupils";
import { namedSeats, type SchoolNow } from "./school";
import { SendStep } from "./SendStep";
import { SourceStep } from "./SourceStep";
import { PseudonymsStep } from "./PseudonymsStep";
import "./import.css";

/** The whole journey of an import in a school. */
export function ImportJourney({ schoolId }: { schoolId: string }) {
  const t = useT("import");
  const acts = useJourney(schoolId);
  const { journey } = acts;
  // A finished journey is not come back to: the next visit starts with another list.
  useEffect(() => {
    if (journeys.get(schoolId).done) journeys.forget(schoolId);
  }, [schoolId]);
  const years = useQuery({
    ...yearsQuery(schoolId),
    select: (rows) => rows.filter((y) => y.closedAt === undefined).sort((a, b) => b.startsOn.localeCompare(a.startsOn)),
  });
  const step = journey.done || journey.reading ? journey.step : "source";
  return (
    <Page
      title={t("title")}
      intro={t("intro")}
      back={{ href: "/groupes", label: t("back_to_groups") }}
      action={journey.reading && !journey.done ? <Button onPress={acts.forget}>{t("restart")}</Button> : undefined}
    >
      {years.isPending ? (
        <Skeleton rows={4} />
      ) : years.isError ? (
        <ErrorState error={years.error} onRetry={() => void years.refetch()} />
      ) : years.data.length === 0 ? (
        <Notice tone="sun" action={<LinkButton href="/etablissement/annees">{t("open_years")}</LinkButton>}>
          {t("no_year")}
        </Notice>
      ) : journey.done ? (
        <DoneStep acts={acts} />
      ) : (
        <Steps schoolId={schoolId} acts={acts} step={step} years={years.data} />
      )}
    </Page>
  );
}

function Steps({ schoolId, acts, step, years }: { schoolId: string; acts: JourneyActs; step: Step; years: readonly YearRow[] }) {
  const t = useT("import");
  const { journey } = acts;
  const yearId = journey.yearId ?? years[0]!.id;
  const names = useLoadedNames(schoolId, []);
  const made = useMemo(() => makePupils(journey.reading?.rows ?? [], journey.choices), [journey.reading, journey.choices]);
  const rows = useQuery({
    queryKey: ["school", schoolId, "import", yearId],
    queryFn: async () => {
      const [groups, here, left] = await Promise.all([
        importApi.groups(schoolId, yearId),
        importApi.seats(schoolId, yearId, false),
        importApi.seats(schoolId, yearId, true),
      ]);
      return { groups: groups.filter((g) => g.archivedAt === undefined), seats: [...here, ...left] };
    },
  });
  const groups = useMemo(() => rows.data?.groups.map(knownGroup) ?? [], [rows.data]);
  const plan = useMemo(() => planGroups(made.groups, journey.edits, groups), [made.groups, journey.edits, groups]);
  return (
    <>
      <StepHead step={step} />
      {step !== "source" && names.status !== "ready" && <NamesNotice names={names} />}
      {step === "source" && (
        <>
          {names.status !== "ready" && <NamesNotice names={names} />}
          <SourceStep acts={acts} years={years} />
        </>
      )}
      {step === "columns" && <ColumnsStep acts={acts} made={made} />}
      {step !== "source" &&
        step !== "columns" &&
        (rows.isPending ? (
          <Skeleton rows={6} />
        ) : rows.isError ? (
          <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />
        ) : step === "groups" ? (
          <GroupsStep acts={acts} made={made} plan={plan} />
        ) : names.status === "ready" ? (
          <WithNames schoolId={schoolId} acts={acts} names={names} step={step} plan={plan} pupils={made.pupils} rows={rows.data} yearId={yearId} groups={groups} />
        ) : (
          <Button onPress={() => acts.go("groups")}>{t("previous")}</Button>
        ))}
    </>
  );
}

interface WithNamesProps {
  schoolId: string;
  acts: JourneyActs;
  names: Names;
  step: "compare" | "pseudonyms" | "send";
  plan: GroupPlan;
  pupils: Parameters<typeof compare>[0];
  rows: { seats: Parameters<typeof knownSeat>[0][] };
  groups: SchoolNow["groups"];
  yearId: string;
}

/** The steps that need names open: nobody already there may be counted twice. */
function WithNames({ schoolId, acts, names, step, plan, pupils, rows, groups, yearId }: WithNamesProps) {
  const t = useT("import");
  // Fetched again here: somebody else may have imported since names were opened.
  const loading = useQuery({
    queryKey: ["import-names", schoolId, yearId],
    queryFn: async () => {
      await names.school.reload([]);
      if (names.school.view.problem !== null) throw names.school.view.problem;
      return true;
    },
    gcTime: 0,
    retry: false,
  });
  const loaded = loading.isSuccess;
  const now = useMemo<SchoolNow>(
    () => ({ yearId, groups, seats: rows.seats.map((s) => knownSeat(s, names.name(s.id))) }),
    // names.name reads the vault, whose count changes with what it holds.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [yearId, groups, rows, names.view.count],
  );
  const comparison = useMemo(() => compare(pupils, plan, now), [pupils, plan, now]);
  const drawError = useDrawn(acts, comparison, plan, now, loaded);
  if (names.progress) return <Progress label={t("names_loading")} done={names.progress.done} total={names.progress.total} />;
  if (loading.isError) return <ErrorState error={loading.error} onRetry={() => void loading.refetch()} />;
  if (!loaded) return <Skeleton rows={6} />;
  if (drawError) return <Notice tone="brick">{t("failed_pseudonyms")}</Notice>;
  if (step === "compare") return <CompareStep acts={acts} comparison={comparison} plan={plan} now={now} />;
  if (step === "pseudonyms") return <PseudonymsStep acts={acts} arrivals={comparison.arrivals} plan={plan} />;
  return <SendStep schoolId={schoolId} acts={acts} names={names} plan={plan} comparison={comparison} now={now} />;
}

/** Draws the pseudonyms of those who arrive, again whenever they or their groups change. True when none is left. */
function useDrawn(acts: JourneyActs, comparison: Comparison, plan: GroupPlan, now: SchoolNow, ready: boolean): boolean {
  const { journey, change } = acts;
  const [exhausted, setExhausted] = useState(false);
  const drawnFor = ready && !journey.job ? JSON.stringify([now.yearId, comparison.arrivals.map((p) => [p.line, ...refsOf(p, plan)])]) : journey.drawnFor;
  useEffect(() => {
    if (drawnFor === journey.drawnFor) return;
    const drawer = new PseudonymDrawer(secureBelow, namedSeats(now));
    try {
      const drawn = new Map(comparison.arrivals.map((p) => [p.line, drawer.draw(refsOf(p, plan))]));
      change({ drawn, drawer, drawnFor });
      setExhausted(false);
    } catch (error) {
      if (!(error instanceof PseudonymsExhausted)) throw error;
      change({ drawnFor });
      setExhausted(true);
    }
  }, [drawnFor, journey.drawnFor, comparison, plan, now, change]);
  return exhausted;
}

/** Where one is in the journey; focus comes here at each step. */
function StepHead({ step }: { step: Step }) {
  const t = useT("import");
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [step]);
  return (
    <div className="import-step">
      <p className="page-over">{t("step", { step: STEPS.indexOf(step) + 1, steps: STEPS.length })}</p>
      <h2 ref={heading} tabIndex={-1}>
        {t(`step_${step}`)}
      </h2>
    </div>
  );
}

/** Why names cannot be written yet, and the way there. The list waits in memory. */
function NamesNotice({ names }: { names: Names }) {
  const t = useT("import");
  if (names.status === "ready") return null;
  if (names.status === "loading") {
    if (names.view.problem === null) return null;
    return <ErrorState error={names.view.problem} onRetry={() => void names.school.refresh()} />;
  }
  return (
    <Notice tone="sun" action={<LinkButton href="/noms?retour=/groupes/importer">{t("names_open")}</LinkButton>}>
      {t(`names_${names.status}`)}
    </Notice>
  );
}
