import { endOfDay } from "@/features/school/moment";

const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const DAY = 86_400_000;

/** The instant of a day (`2026-11-23`) and an hour (`8:30`) in a zone, in UTC ms; 0 when there is no day. */
export function instantAt(day: string, time: string, zone = here()): number {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return 0;
  const start = endOfDay(day, zone) - DAY + 1000;
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const at = start + hours * 3_600_000 + minutes * 60_000;
  // A day on which clocks change has not 24 hours: what is off by an hour is set right.
  const said = partsAt(at, zone).time;
  const [h = 0, m = 0] = said.split(":").map(Number);
  const off = hours * 60 + minutes - (h * 60 + m);
  return Math.abs(off) === 60 ? at + off * 60_000 : at;
}

/** The day and hour of an instant in a zone, for fields; empty for 0. */
export function partsAt(at: number, zone = here()): { day: string; time: string } {
  if (at <= 0) return { day: "", time: "" };
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" }).formatToParts(at);
  const of = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return { day: `${of("year")}-${of("month")}-${of("day")}`, time: `${of("hour")}:${of("minute")}` };
}
