import { useQuery } from "@tanstack/react-query";
import { Activity, ClipboardList } from "lucide-react";
import { useCallback, useEffect } from "react";
import { useLocation, useParams } from "wouter";
import { api, unwrap } from "@/api/client";
import { problemOf } from "@/api/problem";
import { onSignedOut } from "@/api/wire";
import { NamesLine } from "@/features/names/SeatName";
import { useNames } from "@/features/names/useNames";
import { useMeQuery } from "@/features/session/me";
import { rememberReturn } from "@/features/session/returnTo";
import { useT } from "@/i18n";
import { ErrorState, Skeleton } from "@/ui";
import { type Lesson, lessonQuery } from "../api";
import type { Person } from "../live/protocol";
import { onOwnDevice } from "../media/devices";
import { freezer } from "../reports/freeze";
import { Doorstep } from "./Doorstep";
import { Hall } from "./Hall";
import { useStaffPresented } from "./standing";
import "./hall.css";

function Loaded({ school, lesson, zone }: { school: string; lesson: Lesson; zone?: string }) {
  const t = useT("live");
  const [, go] = useLocation();
  const names = useNames(school);
  const presented = useStaffPresented(names, lesson.groupId);
  const { own } = names.view;
  useEffect(() => onOwnDevice(own), [own]);
  const { name } = names;
  const nameOf = useCallback(
    (person: Person) => {
      const known = person.seat ? name(person.seat) : null;
      return known ? `${known.first} ${known.last}` : (person.name ?? person.pseudonym ?? person.label ?? "");
    },
    [name],
  );
  const seatName = useCallback(
    (seat: string) => {
      const known = name(seat);
      return known ? `${known.first} ${known.last}` : null;
    },
    [name],
  );
  const page = `/seances/${lesson.id}`;
  return (
    <Hall
      as="staff"
      path={`/api/v1/schools/${school}/lessons/${lesson.id}/live?as=staff`}
      lesson={lesson.id}
      title={lesson.title}
      presented={presented}
      zone={zone}
      nameOf={nameOf}
      freeze={names.status === "ready" ? freezer(school, lesson, names.school) : undefined}
      back={{ href: "/seances", word: t("to_lessons") }}
      after={{ href: page, word: t("lesson_page") }}
      more={[
        { id: "page", label: t("lesson_page"), icon: <ClipboardList aria-hidden size={18} />, onAction: () => window.open(page, "_blank", "noopener") },
        { id: "check", label: t("check_connection"), icon: <Activity aria-hidden size={18} />, onAction: () => go("/seances/verifier") },
      ]}
    >
      <NamesLine names={names} />
      {lesson.groupId && <Doorstep school={school} group={lesson.groupId} nameOf={seatName} />}
    </Hall>
  );
}

/** The room of a lesson, for staff: the whole screen, outside the rail. */
export default function StaffRoom() {
  const t = useT("live");
  const { school, lesson } = useParams<{ school: string; lesson: string }>();
  const [, go] = useLocation();
  const me = useMeQuery();
  const found = useQuery({ ...lessonQuery(school, lesson), enabled: me.isSuccess, refetchOnWindowFocus: false });
  const where = useQuery({ queryKey: ["school", school], queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}", { params: { path: { school } }, signal })), enabled: me.isSuccess, staleTime: Number.POSITIVE_INFINITY });
  useEffect(
    () =>
      onSignedOut(() => {
        rememberReturn(window.location.pathname);
        go("/connexion", { replace: true });
      }),
    [go],
  );
  const error = me.error ?? found.error;
  if (found.data) return <Loaded school={school} lesson={found.data} zone={where.data?.zone} />;
  if (error && problemOf(error).kind === "unauthenticated") return null;
  return (
    <main className="hall">
      <h1>{t("lesson")}</h1>
      {error ? <ErrorState error={error} onRetry={() => void (me.error ? me.refetch() : found.refetch())} /> : <Skeleton rows={4} />}
    </main>
  );
}
