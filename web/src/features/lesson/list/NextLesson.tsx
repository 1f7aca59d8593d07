import { useQuery } from "@tanstack/react-query";
import { Presentation } from "lucide-react";
import { Link } from "wouter";
import { groupsQuery } from "@/features/groups/api";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Card, ProblemNotice } from "@/ui";
import { useLocation } from "wouter";
import { roomPage, useMakeLesson } from "../api";
import { nextOf, partOf } from "./days";
import { LessonRow } from "./LessonRow";
import { useLessons } from "./LessonsPage";

const FEW = 4;

/** The lessons of the day, the next one a press away. Nothing while there is none. */
export function TodayLessons() {
  const t = useT("lessons");
  const { school } = useWork();
  const lessons = useLessons({ past: 0, ahead: 7 });
  const groups = useQuery(groupsQuery(school.id));
  const all = lessons.data ?? [];
  const next = nextOf(all, lessons.now);
  const today = all.filter((l) => ["now", "today"].includes(partOf(l, lessons.now, school.zone)));
  const shown = today.length > 0 ? today.slice(0, FEW) : next ? [next] : [];
  if (shown.length === 0) return null;
  return (
    <Card title={t(today.length > 0 ? "card_today" : "card_next")} action={<Link href="/seances">{t("all")}</Link>}>
      <ul className="lessons">
        {shown.map((lesson) => (
          <LessonRow key={lesson.id} lesson={lesson} groupName={groups.data?.find((g) => g.id === lesson.groupId)?.name} main={lesson.id === next?.id} today={lessons.now} />
        ))}
      </ul>
    </Card>
  );
}

/** The next lesson of a group, or one press to open one now. */
export function GroupLesson({ group, name }: { group: string; name: string }) {
  const t = useT("lessons");
  const [, go] = useLocation();
  const { school } = useWork();
  const lessons = useLessons({ past: 0, ahead: 7 });
  const make = useMakeLesson(school.id);
  const next = nextOf((lessons.data ?? []).filter((l) => l.groupId === group), lessons.now);
  if (!lessons.data) return null;
  const open = () => make.mutate({ title: name, groupId: group, open: true, minutes: 55 }, { onSuccess: ({ lessons: [id] }) => id && go(roomPage(school.id, id)) });
  return (
    <Card title={t(next ? "card_next" : "card_group")} action={<Link href="/seances">{t("all")}</Link>}>
      {make.error && <ProblemNotice problem={make.error} />}
      {next ? (
        <ul className="lessons">
          <LessonRow lesson={next} main today={lessons.now} />
        </ul>
      ) : (
        <div>
          <Button icon={<Presentation aria-hidden size={18} />} pending={make.isPending} onPress={open}>
            {t("open_title")}
          </Button>
        </div>
      )}
    </Card>
  );
}
