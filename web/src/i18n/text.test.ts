import { describe, expect, it } from "vitest";
import { fill, isOne } from "./text";

describe("fill", () => {
  const seats = { one: "{count} élève", other: "{count} élèves" };

  it("counts 0 and 1 as singular in French", () => {
    expect(fill("fr", seats, { count: 0 })).toBe("0 élève");
    expect(fill("fr", seats, { count: 1 })).toBe("1 élève");
    expect(fill("fr", seats, { count: 2 })).toBe("2 élèves");
  });

  it("counts 1 alone as singular in English", () => {
    const pupils = { one: "{count} pupil", other: "{count} pupils" };
    expect(fill("en", pupils, { count: 0 })).toBe("0 pupils");
    expect(fill("en", pupils, { count: 1 })).toBe("1 pupil");
  });

  it("takes the general form when there is no count", () => {
    expect(isOne("fr", undefined)).toBe(false);
    expect(fill("fr", { one: "un", other: "des" })).toBe("des");
  });

  it("writes numbers as the language does, and leaves texts alone", () => {
    expect(fill("fr", "{n}", { n: 12345 })).toBe("12\u202f345");
    expect(fill("en", "{n}", { n: 12345 })).toBe("12,345");
    expect(fill("fr", "{year}", { year: "2026" })).toBe("2026");
  });

  it("does not fill in what an argument holds", () => {
    expect(fill("fr", "{a} {b}", { a: "{b}", b: "x" })).toBe("{b} x");
    expect(fill("fr", "{unknown}")).toBe("{unknown}");
  });
});
