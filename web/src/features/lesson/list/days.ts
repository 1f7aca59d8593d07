import { endOfDay } from "@/features/school/moment";
import type { Lesson } from "../api";

const DAY = 86_400_000;
/** The server gives 62 days at most. */
export const PAST_DAYS = 30;
export const AHEAD_DAYS = 31;

/** The calendar day of an instant in a zone, as `2026-11-23`. */
export function dayIn(at: number, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/** The hour of an instant in a zone, as `08:30`. */
export function hourIn(at: number, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** The instant of a day and an hour in a zone, UTC ms; null when either is not one. */
export function instantOf(day: string, hour: string, zone: string): number | null {
  const clock = /^(\d{2}):(\d{2})$/.exec(hour);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !clock || Number.isNaN(Date.parse(day))) return null;
  // From the end of the day, so that the day's own change of clocks counts.
  const wanted = `${clock[1]}:${clock[2]}`;
  const first = endOfDay(day, zone) + 1_000 - DAY + (Number(clock[1]) * 60 + Number(clock[2])) * 60_000;
  for (const off of [0, -3_600_000, 3_600_000]) if (dayIn(first + off, zone) === day && hourIn(first + off, zone) === wanted) return first + off;
  return first;
}

/** Where a lesson stands in the list. */
export type Part = "now" | "today" | "coming" | "past";

export function partOf(lesson: Lesson, now: number, zone: string): Part {
  if (lesson.status === "open") return "now";
  const over = lesson.status === "ended" || lesson.startsAt + lesson.minutes * 60_000 < now;
  if (over) return "past";
  return dayIn(lesson.startsAt, zone) === dayIn(now, zone) ? "today" : "coming";
}

/** The lesson to open next, among those of a list: one that is open, else the nearest that is planned within the day. */
export function nextOf(lessons: readonly Lesson[], now: number): Lesson | null {
  const open = lessons.find((l) => l.status === "open");
  if (open) return open;
  const coming = lessons.filter((l) => l.status === "planned" && l.startsAt + l.minutes * 60_000 > now).sort((a, b) => a.startsAt - b.startsAt);
  return coming[0] ?? null;
}
