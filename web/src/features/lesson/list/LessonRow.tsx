import { CalendarX, DoorOpen, Ellipsis, Link2, Pencil } from "lucide-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { problemOf } from "@/api/problem";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, LinkButton, Menu, type MenuEntry, ProblemNotice, toast } from "@/ui";
import { type Lesson, roomPage, useCancelLesson, useOpenLesson } from "../api";
import { GuestLinkDialog } from "./GuestLink";
import { dayIn } from "./days";
import { PlanDialog } from "./PlanDialog";
import "./list.css";

/** Whether the person may open, plan and end this lesson. */
export function holds(lesson: Lesson): boolean {
  return lesson.role === "teacher" || lesson.role === "coteacher" || lesson.role === "substitute";
}

function CancelDialog({ lesson, onClose }: { lesson: Lesson; onClose: () => void }) {
  const t = useT("lessons");
  const { school } = useWork();
  const format = useSchoolFormat();
  const cancel = useCancelLesson(school.id);
  const act = (following: boolean) =>
    cancel.mutate(
      { lesson: lesson.id, following },
      {
        onSuccess: () => {
          toast(t("cancelled"));
          onClose();
        },
      },
    );
  return (
    <Dialog title={t("cancel_title", { title: lesson.title })} open onClose={onClose} alert>
      <p>{t("cancel_text", { when: format.moment(lesson.startsAt) })}</p>
      {cancel.error && <ProblemNotice problem={cancel.error} />}
      <Actions>
        <Button tone="danger" pending={cancel.isPending} onPress={() => act(false)}>
          {t(lesson.seriesId ? "cancel_this" : "cancel_lesson")}
        </Button>
        {lesson.seriesId && (
          <Button tone="danger" pending={cancel.isPending} onPress={() => act(true)}>
            {t("cancel_following")}
          </Button>
        )}
        <Button onPress={onClose}>{t("keep")}</Button>
      </Actions>
    </Dialog>
  );
}

/** Opens a planned lesson and goes in, or goes into one that is open. One press. */
export function EnterLesson({ lesson, main }: { lesson: Lesson; main?: boolean }) {
  const t = useT("lessons");
  const [, go] = useLocation();
  const { school } = useWork();
  const open = useOpenLesson(school.id);
  const page = roomPage(school.id, lesson.id);
  if (lesson.status === "open") {
    return (
      <LinkButton href={page} tone="main" icon={<DoorOpen aria-hidden size={18} />} label={t("join_of", { title: lesson.title })}>
        {t("join")}
      </LinkButton>
    );
  }
  if (lesson.status !== "planned" || !holds(lesson)) return null;
  return (
    <Button
      tone={main ? "main" : "plain"}
      icon={<DoorOpen aria-hidden size={18} />}
      label={t("open_of", { title: lesson.title })}
      pending={open.isPending}
      onPress={() => open.mutate(lesson.id, { onSuccess: () => go(page), onError: (error) => toast(problemOf(error).detail) })}
    >
      {t("open_lesson_now")}
    </Button>
  );
}

/** One lesson in a list. `main`: the next one, whose button stands out. */
export function LessonRow({ lesson, groupName, main, today }: { lesson: Lesson; groupName?: string; main?: boolean; today: number }) {
  const t = useT("lessons");
  const { school } = useWork();
  const format = useSchoolFormat();
  const [asked, setAsked] = useState<"change" | "cancel" | "guests" | null>(null);
  const same = dayIn(lesson.startsAt, school.zone) === dayIn(today, school.zone);
  const entries: MenuEntry[] = [];
  const icon = { "aria-hidden": true, size: 18 } as const;
  if (holds(lesson) && (lesson.status === "planned" || lesson.status === "open")) entries.push({ id: "guests", label: t("guest_link"), icon: <Link2 {...icon} />, onAction: () => setAsked("guests") });
  if (holds(lesson) && lesson.status === "planned") {
    entries.push({ id: "change", label: t("change_word"), icon: <Pencil {...icon} />, onAction: () => setAsked("change") });
    entries.push({ id: "cancel", label: t("cancel_lesson"), icon: <CalendarX {...icon} />, danger: true, onAction: () => setAsked("cancel") });
  }
  const when = lesson.status === "open" ? t("since", { time: format.time(lesson.openedAt ?? lesson.startsAt) }) : same ? format.time(lesson.startsAt) : format.moment(lesson.startsAt);
  return (
    <li className="lesson">
      <div className="lesson-what">
        <h3>
          <Link href={`/seances/${lesson.id}`}>{lesson.title}</Link>
        </h3>
        <p>
          {[when, t("minutes", { count: lesson.minutes }), groupName ?? (lesson.groupId ? null : t("open_lesson"))].filter(Boolean).join(" · ")}
          {lesson.status === "planned" && lesson.startsAt + lesson.minutes * 60_000 < today && ` · ${t("not_held")}`}
        </p>
      </div>
      <div className="lesson-acts">
        <EnterLesson lesson={lesson} main={main} />
        {entries.length > 0 && <Menu word={t("more")} label={t("more_of", { title: lesson.title })} tone="quiet" icon={<Ellipsis {...icon} />} entries={entries} />}
      </div>
      {asked === "change" && <PlanDialog lesson={lesson} onClose={() => setAsked(null)} />}
      {asked === "cancel" && <CancelDialog lesson={lesson} onClose={() => setAsked(null)} />}
      {asked === "guests" && <GuestLinkDialog lesson={lesson} onClose={() => setAsked(null)} />}
    </li>
  );
}
