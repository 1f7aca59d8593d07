import { describe, expect, it } from "vitest";
import { nextYear, yearLabel } from "./years";

describe("nextYear", () => {
  it("is the present one when there is none", () => {
    expect(nextYear([], new Date("2026-11-23T12:00:00"))).toEqual({ label: "2026–2027", startsOn: "2026-09-01", endsOn: "2027-07-05" });
    expect(nextYear([], new Date("2027-03-01T12:00:00")).label).toBe("2026–2027");
    expect(nextYear([], new Date("2027-08-25T12:00:00")).label).toBe("2027–2028");
  });

  it("follows the last one", () => {
    expect(nextYear([{ startsOn: "2026-09-01", endsOn: "2027-07-05" }], new Date("2027-06-20T12:00:00")).label).toBe("2027–2028");
  });

  it("skips years when the school was away", () => {
    expect(nextYear([{ startsOn: "2020-09-01", endsOn: "2021-07-05" }], new Date("2026-11-23T12:00:00")).label).toBe("2026–2027");
  });
});

it("names a year of one calendar year, as in the southern half", () => {
  expect(yearLabel({ startsOn: "2027-02-15", endsOn: "2027-12-15" })).toBe("2027");
});
