import { describe, expect, it } from "vitest";
import { endOfDay } from "./moment";

describe("endOfDay", () => {
  it.each([
    ["2026-11-23", "Europe/Paris", "2026-11-23T22:59:59.000Z"],
    ["2026-07-05", "Europe/Paris", "2026-07-05T21:59:59.000Z"],
    ["2026-10-25", "Europe/Paris", "2026-10-25T22:59:59.000Z"],
    ["2026-03-29", "Europe/Paris", "2026-03-29T21:59:59.000Z"],
    ["2026-11-23", "Indian/Reunion", "2026-11-23T19:59:59.000Z"],
    ["2026-11-23", "Pacific/Tahiti", "2026-11-24T09:59:59.000Z"],
    ["2026-11-23", "Pacific/Marquesas", "2026-11-24T09:29:59.000Z"],
  ])("%s in %s", (day, zone, expected) => {
    expect(new Date(endOfDay(day, zone)).toISOString()).toBe(expected);
  });
});
