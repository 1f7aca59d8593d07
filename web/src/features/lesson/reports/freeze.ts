import { api } from "@/api/client";
import { sealTo } from "@/features/names/age";
import { toBase64Url, utf8 } from "@/features/names/bytes";
import type { SchoolVault } from "@/features/names/schoolVault";
import type { Lesson } from "../api";
import type { Message } from "../live/protocol";
import type { Freeze, Reported } from "../room/Reports";

/** What is kept of a report. People stand by the lesson's ids; `people` says which seat or member of staff each is. */
export interface Excerpt {
  v: 1;
  lesson: string;
  title: string;
  report: { at: number; by: string; who?: string; text?: string; message?: string };
  messages: { id: string; at: number; by: string; text: string }[];
}

export function excerptOf(lesson: Pick<Lesson, "id" | "title">, report: Reported, around: readonly Message[], nameIn: (who: string) => string): Excerpt {
  const who = report.who ?? report.message?.by;
  return {
    v: 1, lesson: lesson.id, title: lesson.title,
    report: { at: report.at, by: nameIn(report.by), who: who && nameIn(who), text: report.text, message: report.message?.id },
    messages: around.map(({ id, at, by, text }) => ({ id, at, by: nameIn(by), text })),
  };
}

/** Seals an excerpt to those who manage the names in the school, and keeps it there. */
export function freezer(school: string, lesson: Lesson, vault: SchoolVault): Freeze {
  return async (report, around, nameIn) => {
    const sealed = await sealTo(vault.managers(), utf8(JSON.stringify(excerptOf(lesson, report, around, nameIn))));
    await api.POST("/schools/{school}/lessons/{lesson}/reports", { params: { path: { school, lesson: lesson.id } }, body: { sealed: toBase64Url(sealed) } });
  };
}
