import { useQuery } from "@tanstack/react-query";
import { Presentation } from "lucide-react";
import type { ReactNode } from "react";
import { useFormat, useT } from "@/i18n";
import { LinkButton } from "@/ui";
import { type Lesson, pupilRoomPage, seatLessonsQuery } from "../api";

/** What a pupil can go into now, and what comes next. `none` stands when there is nothing. */
export function PupilLessons({ school, none }: { school: string; none: ReactNode }) {
  const t = useT("pupil");
  const format = useFormat();
  const lessons = useQuery(seatLessonsQuery(school));
  const open = (lessons.data ?? []).filter((l) => l.status === "open");
  const next = (lessons.data ?? []).find((l) => l.status === "planned");
  if (open.length === 0 && !next) return none;
  return (
    <>
      {open.map((lesson) => (
        <Open key={lesson.id} school={school} lesson={lesson} />
      ))}
      {next && (
        <div className="child-card">
          <h2>{t("lesson_next")}</h2>
          <p>{t("lesson_when", { title: next.title, when: format.moment(next.startsAt) })}</p>
        </div>
      )}
    </>
  );
}

function Open({ school, lesson }: { school: string; lesson: Lesson }) {
  const t = useT("pupil");
  return (
    <div className="child-card child-lesson">
      <h2>{t("lesson_open")}</h2>
      <p className="child-pseudonym">{lesson.title}</p>
      <LinkButton href={pupilRoomPage(school, lesson.id)} tone="main" big icon={<Presentation aria-hidden />} label={t("lesson_go_of", { title: lesson.title })}>
        {t("lesson_go")}
      </LinkButton>
    </div>
  );
}
