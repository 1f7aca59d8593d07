import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useMemo } from "react";
import { useParams } from "wouter";
import { groupQuery, groupsQuery, type GroupSeats } from "@/features/groups/api";
import { NamesLine } from "@/features/names/SeatName";
import { type Names, useLoadedNames } from "@/features/names/useNames";
import { download } from "@/features/privacy/download";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Card, type Column, ErrorState, LinkButton, Notice, Page, Skeleton, Table } from "@/ui";
import { type Attendance, type Attendee, attendanceQuery, type Lesson, lessonQuery, summaryQuery } from "../api";
import { writeCsv } from "./csv";
import { dayIn } from "./days";
import { GuestLink } from "./GuestLink";
import { EnterLesson, holds } from "./LessonRow";
import { useNow } from "./LessonsPage";
import "./list.css";

const MINUTE = 60_000;

function useWho(names: Names): (a: Attendee) => string {
  return (a) => {
    const known = a.seat ? names.name(a.seat) : null;
    return known ? `${known.last} ${known.first}` : (a.name ?? a.pseudonym ?? a.label ?? a.person);
  };
}

/** Who came, when, and for how long; as a file with the names that this browser joins. */
function AttendanceCard({ lesson, attendance, absent, names }: { lesson: Lesson; attendance: Attendance; absent: readonly Attendee[]; names: Names }) {
  const t = useT("lessons");
  const format = useSchoolFormat();
  const { school } = useWork();
  const who = useWho(names);
  const kind = (a: Attendee) => t(`kind_${a.kind}`);
  // Pupils first, then guests and staff.
  const order = ["seat", "guest", "staff"];
  const people = [...attendance.people, ...absent].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || who(a).localeCompare(who(b), "fr"));
  const stays = (a: Attendee) => a.stays.length === 0 ? t("absent") : a.stays.map((s) => (s.to === undefined ? t("stay_open", { from: format.time(s.from) }) : t("stay", { from: format.time(s.from), to: format.time(s.to) }))).join(", ");
  const minutes = (a: Attendee) => Math.round(a.present / MINUTE);
  const columns: Column<Attendee>[] = [
    { id: "who", head: t("who"), main: true, cell: (a) => <span translate="no">{who(a)}</span> },
    { id: "kind", head: t("kind"), cell: kind },
    { id: "stays", head: t("stays"), cell: stays },
    { id: "present", head: t("present"), end: true, cell: (a) => (a.stays.length === 0 ? "" : t("minutes", { count: minutes(a) })) },
  ];
  const save = () => {
    const head = [t("last"), t("first"), t("pseudonym"), t("kind"), t("arrival"), t("departure"), t("stays"), t("present_minutes")];
    const rows = people.map((a) => {
      const name = a.seat ? names.name(a.seat) : null;
      const first = a.stays[0];
      const last = a.stays.at(-1);
      return [name?.last ?? a.name ?? a.label ?? "", name?.first ?? "", a.pseudonym ?? "", kind(a), first ? format.time(first.from) : "", last?.to === undefined ? "" : format.time(last.to), stays(a), String(minutes(a))];
    });
    download(t("file_name", { day: dayIn(attendance.openedAt, school.zone), title: lesson.title.replace(/[^\p{L}\p{N} -]/gu, " ").trim() }), "text/csv;charset=utf-8", writeCsv([head, ...rows]));
  };
  return (
    <Card
      title={t("attendance")}
      action={
        people.length > 0 && (
          <Button icon={<Download aria-hidden size={18} />} onPress={save}>
            {t("download")}
          </Button>
        )
      }
    >
      <NamesLine names={names} />
      {people.length === 0 ? <p>{t("nobody")}</p> : <Table label={t("attendance")} rows={people} columns={columns} rowId={(a) => a.person} />}
      {names.status === "ready" && people.length > 0 && <p className="card-intro">{t("download_text")}</p>}
    </Card>
  );
}

/** Pupils of the lesson's group who did not come. */
function absentOf(attendance: Attendance | undefined, group: GroupSeats | undefined): readonly Attendee[] {
  if (!attendance || !group) return [];
  const came = new Set(attendance.people.map((a) => a.seat));
  return group.seats.filter((seat) => !came.has(seat.id)).map((seat) => ({ person: seat.id, kind: "seat", role: "pupil", seat: seat.id, pseudonym: seat.pseudonym, stays: [], present: 0 }));
}

function Summary({ school, lesson, now }: { school: string; lesson: Lesson; now: number }) {
  const t = useT("lessons");
  const format = useSchoolFormat();
  const summary = useQuery({ ...summaryQuery(school, lesson.id), refetchInterval: lesson.status === "open" ? 15_000 : false });
  if (!summary.data) return summary.error ? <ErrorState error={summary.error} onRetry={() => void summary.refetch()} /> : <Skeleton rows={2} />;
  const s = summary.data;
  const figures: readonly [string, string][] = [
    [t("figure_pupils"), s.expected ? t("of", { count: s.pupils, all: s.expected }) : String(s.pupils)],
    ...(s.guests ? [[t("figure_guests"), String(s.guests)] as [string, string]] : []),
    [t("figure_hands"), String(s.hands)],
    [t("figure_messages"), String(s.messages)],
    ...(s.reports ? [[t("figure_reports"), String(s.reports)] as [string, string]] : []),
  ];
  const until = s.messagesUntil;
  const hours = until === undefined ? 0 : Math.max(0, Math.ceil((until - now) / 3_600_000));
  return (
    <Card title={t("summary")} intro={s.endedAt ? t("held", { from: format.moment(s.openedAt), to: format.time(s.endedAt) }) : t("since_long", { when: format.moment(s.openedAt) })}>
      <dl className="lesson-figures">
        {figures.map(([what, count]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      {until !== undefined && <Notice tone={until > now ? "sun" : "info"}>{until > now ? t("erased_in", { count: hours, when: format.moment(until) }) : t("erased")}</Notice>}
    </Card>
  );
}

function Loaded({ lesson }: { lesson: Lesson }) {
  const t = useT("lessons");
  const format = useSchoolFormat();
  const { school } = useWork();
  const now = useNow();
  const groups = useQuery(groupsQuery(school.id));
  const group = useMemo(() => groups.data?.find((g) => g.id === lesson.groupId)?.name, [groups.data, lesson.groupId]);
  const names = useLoadedNames(school.id, lesson.groupId ? [lesson.groupId] : []);
  const held = lesson.status === "open" || lesson.status === "ended";
  const mine = holds(lesson);
  const attendance = useQuery({ ...attendanceQuery(school.id, lesson.id, lesson.status === "open"), enabled: held && mine });
  const expected = useQuery({ ...groupQuery(school.id, lesson.groupId ?? ""), enabled: held && mine && !!lesson.groupId });
  const absent = useMemo(() => absentOf(attendance.data, expected.data), [attendance.data, expected.data]);
  return (
    <Page
      title={lesson.title}
      back={{ href: "/seances", label: t("title") }}
      intro={[t(`status_${lesson.status}`), format.moment(lesson.startsAt), t("minutes", { count: lesson.minutes }), group ?? (lesson.groupId ? null : t("open_lesson"))].filter(Boolean).join(" · ")}
      action={<EnterLesson lesson={lesson} main />}
    >
      {held && mine && <Summary school={school.id} lesson={lesson} now={now} />}
      {held && mine && (attendance.data ? <AttendanceCard lesson={lesson} attendance={attendance.data} absent={absent} names={names} /> : attendance.error ? <ErrorState error={attendance.error} onRetry={() => void attendance.refetch()} /> : <Skeleton rows={5} />)}
      {!held && <Notice>{t(lesson.status === "cancelled" ? "is_cancelled" : "not_yet")}</Notice>}
      {mine && (lesson.status === "planned" || lesson.status === "open") && (
        <Card title={t("guest_link")}>
          <GuestLink lesson={lesson} />
        </Card>
      )}
      {lesson.status === "planned" && (
        <div>
          <LinkButton href="/seances/verifier">{t("check")}</LinkButton>
        </div>
      )}
    </Page>
  );
}

/** A lesson: what is planned, or who came and what remains of it. */
export default function LessonPage() {
  const t = useT("lessons");
  const { school } = useWork();
  const { id } = useParams<{ id: string }>();
  const lesson = useQuery({ ...lessonQuery(school.id, id), refetchInterval: 15_000 });
  if (lesson.data) return <Loaded lesson={lesson.data} />;
  return (
    <Page title={t("lesson")} back={{ href: "/seances", label: t("title") }}>
      {lesson.error ? <ErrorState error={lesson.error} onRetry={() => void lesson.refetch()} /> : <Skeleton rows={6} />}
    </Page>
  );
}
