import { describe, expect, it } from "vitest";
import { instantAt, partsAt } from "./moment";

describe("moments in a zone", () => {
  it.each([
    ["2026-11-23", "08:30", "Europe/Paris", "2026-11-23T07:30:00Z"],
    ["2026-07-01", "8:30", "Europe/Paris", "2026-07-01T06:30:00Z"],
    ["2026-03-29", "15:00", "Europe/Paris", "2026-03-29T13:00:00Z"],
    ["2026-10-25", "15:00", "Europe/Paris", "2026-10-25T14:00:00Z"],
    ["2026-11-23", "00:00", "Indian/Reunion", "2026-11-22T20:00:00Z"],
  ])("%s %s in %s", (day, time, zone, utc) => {
    const at = instantAt(day, time, zone);
    expect(new Date(at).toISOString()).toBe(utc.replace("Z", ".000Z"));
    expect(partsAt(at, zone)).toEqual({ day, time: time.padStart(5, "0") });
  });
  it("knows no moment without a day", () => {
    expect(instantAt("", "08:00", "Europe/Paris")).toBe(0);
    expect(partsAt(0)).toEqual({ day: "", time: "" });
  });
});
