/** How far an IANA zone is ahead of UTC at an instant, in ms. */
function offsetAt(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - Math.floor(at / 1000) * 1000;
}

/** The last second of a calendar day (`2026-11-23`) in an IANA zone, in UTC ms. */
export function endOfDay(day: string, zone: string): number {
  const naive = Date.parse(`${day}T23:59:59Z`);
  const first = naive - offsetAt(naive, zone);
  return naive - offsetAt(first, zone);
}
