import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { groupsQuery } from "@/features/groups/api";
import { inSchoolOrder } from "@/features/groups/order";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, DateField, Dialog, Form, Select, TextField, toast } from "@/ui";
import { type Lesson, useChangeLesson, useMakeLesson } from "../api";
import { dayIn, hourIn, instantOf } from "./days";

const MINUTES = [30, 45, 55, 60, 90, 110, 120, 180] as const;
const OPEN_LESSON = "none";

/** Plans a lesson, or changes one that has not opened. */
export function PlanDialog({ lesson, group, onClose }: { lesson?: Lesson; group?: string; onClose: () => void }) {
  const t = useT("lessons");
  const { school, rights } = useWork();
  const groups = useQuery(groupsQuery(school.id));
  const make = useMakeLesson(school.id);
  const change = useChangeLesson(school.id);
  const [now] = useState(() => Date.now());
  const zone = school.zone;
  const start = lesson?.startsAt ?? Math.ceil((now + 5 * 60_000) / 1_800_000) * 1_800_000;
  const [minutes, setMinutes] = useState(String(lesson?.minutes ?? 55));
  const [for_, setFor] = useState(lesson?.groupId ?? group ?? OPEN_LESSON);
  const [repeat, setRepeat] = useState<"no" | "weekly">("no");
  const [following, setFollowing] = useState<"one" | "all">("one");
  const [wrong, setWrong] = useState<string | null>(null);
  const mine = inSchoolOrder((groups.data ?? []).filter((g) => g.archivedAt === undefined && rights.teaches(g.id, g.yearId)));
  const submit = (data: FormData) => {
    const startsAt = instantOf(String(data.get("day")), String(data.get("hour")), zone);
    if (startsAt === null) return setWrong(t("hour_wrong"));
    setWrong(null);
    const title = String(data.get("title"));
    const done = (text: string) => {
      toast(text);
      onClose();
    };
    if (lesson) change.mutate({ lesson: lesson.id, title, startsAt, minutes: Number(minutes), following: following === "all" }, { onSuccess: () => done(t("changed")) });
    else {
      const until = repeat === "weekly" ? String(data.get("until")) : undefined;
      const groupId = for_ === OPEN_LESSON ? undefined : for_;
      make.mutate({ title, groupId, startsAt, minutes: Number(minutes), until }, { onSuccess: ({ lessons }) => done(t("planned", { count: lessons.length })) });
    }
  };
  const lengths = [...new Set<number>([...MINUTES, Number(minutes)])].sort((a, b) => a - b);
  return (
    <Dialog title={t(lesson ? "change_title" : "plan_title")} open onClose={onClose}>
      <Form onSubmit={submit} error={make.error ?? change.error}>
        <TextField label={t("lesson_title")} name="title" required maxLength={120} defaultValue={lesson?.title} wide />
        {!lesson && (
          <Select label={t("for_whom")} name="groupId" value={for_} onChange={setFor} wide options={[...mine.map((g) => ({ id: g.id, label: g.name })), { id: OPEN_LESSON, label: t("open_lesson"), detail: t("open_lesson_detail") }]} />
        )}
        <div className="plan-when">
          <DateField label={t("day")} name="day" required defaultValue={dayIn(start, zone)} min={dayIn(now, zone)} />
          <TextField label={t("hour")} name="hour" required defaultValue={hourIn(start, zone)} help={t("hour_help")} error={wrong} maxLength={5} onChange={() => setWrong(null)} />
          <Select label={t("length")} name="minutes" value={minutes} onChange={setMinutes} options={lengths.map((m) => ({ id: String(m), label: t("minutes", { count: m }) }))} />
        </div>
        {!lesson && (
          <div className="plan-when">
            <Select label={t("repeat")} value={repeat} onChange={setRepeat} options={[{ id: "no", label: t("repeat_no") }, { id: "weekly", label: t("repeat_weekly") }]} />
            {repeat === "weekly" && <DateField label={t("until")} name="until" required min={dayIn(start, zone)} />}
          </div>
        )}
        {lesson?.seriesId && <Select label={t("which")} value={following} onChange={setFollowing} options={[{ id: "one", label: t("only_this") }, { id: "all", label: t("and_following") }]} />}
        <Actions>
          <Button type="submit" tone="main" pending={make.isPending || change.isPending}>
            {t(lesson ? "change" : "plan")}
          </Button>
          <Button onPress={onClose}>{t("cancel_word")}</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
