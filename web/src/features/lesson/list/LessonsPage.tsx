import { useQuery } from "@tanstack/react-query";
import { Activity, CalendarClock, CalendarPlus, DoorOpen, Presentation } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { groupsQuery } from "@/features/groups/api";
import { endOfDay } from "@/features/school/moment";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Card, Empty, ErrorState, LinkButton, Menu, Page, Skeleton } from "@/ui";
import { type Lesson, lessonsQuery } from "../api";
import { ReportsCard } from "../reports/ReportsCard";
import { CalendarCard } from "./CalendarCard";
import { AHEAD_DAYS, dayIn, nextOf, type Part, PAST_DAYS, partOf } from "./days";
import { LessonRow } from "./LessonRow";
import { OpenDialog } from "./OpenDialog";
import { PlanDialog } from "./PlanDialog";

const DAY = 86_400_000;
const parts: readonly Part[] = ["now", "today", "coming", "past"];

/** Now, looked at each minute: what is coming becomes past. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** The lessons of a month before and after today. */
export function useLessons(days = { past: PAST_DAYS, ahead: AHEAD_DAYS }) {
  const { school } = useWork();
  const now = useNow();
  const end = endOfDay(dayIn(now, school.zone), school.zone) + 1_000;
  return { now, ...useQuery(lessonsQuery(school.id, end - (days.past + 1) * DAY, end + days.ahead * DAY)) };
}

/** Lessons: those open, of today, planned and past. */
export default function LessonsPage() {
  const t = useT("lessons");
  const { school, me } = useWork();
  const lessons = useLessons();
  const groups = useQuery(groupsQuery(school.id));
  const [asked, setAsked] = useState<"open" | "plan" | null>(null);
  const names = useMemo(() => new Map(groups.data?.map((g) => [g.id, g.name])), [groups.data]);
  const by = useMemo(() => {
    const sorted = new Map<Part, Lesson[]>(parts.map((part) => [part, []]));
    for (const lesson of lessons.data ?? []) sorted.get(partOf(lesson, lessons.now, school.zone))?.push(lesson);
    sorted.get("past")?.reverse();
    return sorted;
  }, [lessons.data, lessons.now, school.zone]);
  const next = nextOf(lessons.data ?? [], lessons.now);
  const mayHold = me.grants.some((g) => ["teacher", "co_teacher", "substitute", "head"].includes(g.role));
  const heads = me.grants.some((g) => g.role === "head");
  return (
    <Page
      title={t("title")}
      action={
        <>
          {mayHold && (
            <Button tone="main" icon={<DoorOpen aria-hidden size={18} />} onPress={() => setAsked("open")}>
              {t("open_title")}
            </Button>
          )}
          <Menu
            word={t("more")}
            icon={<CalendarClock aria-hidden size={18} />}
            entries={[
              ...(mayHold ? [{ id: "plan", label: t("plan_title"), icon: <CalendarPlus aria-hidden size={18} />, onAction: () => setAsked("plan") } as const] : []),
              { id: "check", label: t("check"), icon: <Activity aria-hidden size={18} />, href: "/seances/verifier" },
            ]}
          />
        </>
      }
    >
      {!lessons.data ? (
        lessons.error ? <ErrorState error={lessons.error} onRetry={() => void lessons.refetch()} /> : <Skeleton rows={4} shape="cards" />
      ) : lessons.data.length === 0 ? (
        <Empty
          icon={<Presentation aria-hidden size={32} />}
          title={t("none_title")}
          action={
            mayHold && (
              <>
                <Button tone="main" onPress={() => setAsked("plan")}>
                  {t("plan_title")}
                </Button>
                <LinkButton href="/seances/verifier">{t("check")}</LinkButton>
              </>
            )
          }
        >
          {t(mayHold ? "none_text" : "none_text_others")}
        </Empty>
      ) : (
        parts
          .filter((part) => (by.get(part)?.length ?? 0) > 0)
          .map((part) => (
            <Card key={part} title={t(`part_${part}`)}>
              <ul className="lessons">
                {by.get(part)?.map((lesson) => (
                  <LessonRow key={lesson.id} lesson={lesson} groupName={lesson.groupId && names.get(lesson.groupId)} main={lesson.id === next?.id} today={lessons.now} />
                ))}
              </ul>
            </Card>
          ))
      )}
      {heads && <ReportsCard />}
      <CalendarCard />
      {asked === "open" && <OpenDialog onClose={() => setAsked(null)} />}
      {asked === "plan" && <PlanDialog onClose={() => setAsked(null)} />}
    </Page>
  );
}
