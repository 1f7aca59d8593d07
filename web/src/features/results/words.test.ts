import { expect, test } from "vitest";
import { band, skillWords } from "./words";

test("a skill is shown in words", () => {
  expect(skillWords("espace-et-geometrie")).toBe("Espace et géométrie");
  expect(skillWords("calcul")).toBe("Calcul");
});

test.each([
  [{ score: 0, max: 0 }, "unknown"], [{ score: 0.39, max: 1 }, "fragile"], [{ score: 2, max: 5 }, "coming"], [{ score: 3, max: 4 }, "mastered"], [undefined, "unknown"],
] as const)("%o", (score, where) => expect(band(score)).toBe(where));
