import type { Schema } from "@/api/client";

type Days = Pick<Schema<"Year">, "startsOn" | "endsOn">;

/** The usual name of a year: "2026–2027". */
export function yearLabel({ startsOn, endsOn }: Days): string {
  const [first, last] = [startsOn.slice(0, 4), endsOn.slice(0, 4)];
  return first === last ? first : `${first}–${last}`;
}

/** The year to open next: after the last one, or the one that today belongs to. */
export function nextYear(years: readonly Days[], today: Date): Schema<"NewYear"> {
  const last = years.map((y) => Number(y.startsOn.slice(0, 4))).reduce((a, b) => Math.max(a, b), 0);
  const current = today.getMonth() >= 6 ? today.getFullYear() : today.getFullYear() - 1;
  const first = last > 0 ? Math.max(last + 1, current) : current;
  const days = { startsOn: `${first}-09-01`, endsOn: `${first + 1}-07-05` };
  return { ...days, label: yearLabel(days) };
}
