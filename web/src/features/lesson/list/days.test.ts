import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Lesson } from "../api";
import { dayIn, hourIn, instantOf, nextOf, partOf } from "./days";

const lesson = (id: string, status: Lesson["status"], startsAt: number): Lesson => ({ id, status, startsAt, minutes: 60, title: id, guests: false, preset: "cours", role: "teacher" });
const paris = "Europe/Paris";

describe("days of lessons", () => {
  it("reads a day and an hour in the school's own zone", () => {
    expect(instantOf("2027-01-12", "08:30", paris)).toBe(Date.parse("2027-01-12T07:30:00Z"));
    expect(instantOf("2027-07-12", "08:30", paris)).toBe(Date.parse("2027-07-12T06:30:00Z"));
    expect(instantOf("2027-01-12", "08:30", "Indian/Reunion")).toBe(Date.parse("2027-01-12T04:30:00Z"));
    // The clocks go forward at two that night.
    expect(instantOf("2027-03-28", "08:30", paris)).toBe(Date.parse("2027-03-28T06:30:00Z"));
    for (const [day, hour] of [["", "08:30"], ["2027-01-12", ""], ["2027-13-40", "08:30"], ["2027-01-12", "8h30"]] as const) expect(instantOf(day, hour, paris)).toBeNull();
  });

  it("gives back the day and hour it read, in any zone", () => {
    const zones = fc.constantFrom(paris, "America/Guadeloupe", "Pacific/Noumea", "Indian/Mayotte", "America/Miquelon");
    const days = fc.integer({ min: 0, max: 700 }).map((n) => dayIn(Date.parse("2026-09-01T12:00:00Z") + n * 86_400_000, "UTC"));
    fc.assert(
      fc.property(zones, days, fc.integer({ min: 6, max: 20 }), fc.integer({ min: 0, max: 59 }), (zone, day, h, m) => {
        const hour = `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`;
        const at = instantOf(day, hour, zone);
        expect(at).not.toBeNull();
        expect([dayIn(at ?? 0, zone), hourIn(at ?? 0, zone)]).toEqual([day, hour]);
      }),
    );
  });

  it("sorts lessons and finds the next", () => {
    const now = Date.parse("2027-01-12T09:00:00Z");
    const soon = lesson("soon", "planned", now + 3_600_000);
    const late = lesson("late", "planned", now + 30 * 3_600_000);
    const missed = lesson("missed", "planned", now - 2 * 3_600_000);
    const open = lesson("open", "open", now - 3 * 3_600_000);
    expect([soon, late, missed, open, lesson("done", "ended", now)].map((l) => partOf(l, now, paris))).toEqual(["today", "coming", "past", "now", "past"]);
    expect(nextOf([missed, late, soon], now)).toBe(soon);
    expect(nextOf([late, soon, open], now)).toBe(open);
    expect(nextOf([missed], now)).toBeNull();
  });
});
