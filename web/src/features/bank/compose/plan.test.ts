import { expect, test } from "vitest";
import type { Question } from "../api";
import { choose, chosenIn, empty, pointsOf, toPlan } from "./plan";

const question = (id: string, points: number): Question => ({ id, kind: "choice", title: id, skill: "calcul", points, version: 2, tests: 0, savedAt: 0, mine: true });

test("a plan holds the points that the test changes, and no others", () => {
  const parts = [{ title: "Calcul", shuffle: false, chosen: [choose(question("a", 1), 3), choose(question("b", 2))] }];
  expect(toPlan({ ...empty, title: "T", parts }).sections[0]?.picks).toEqual([
    { question: "a", version: 2, points: 3 },
    { question: "b", version: 2 },
  ]);
  expect(pointsOf(parts)).toBe(5);
  expect([...chosenIn(parts)]).toEqual(["a", "b"]);
});

test("a draw is told only when there was one", () => {
  expect(toPlan(empty)).not.toHaveProperty("seed");
  expect(toPlan({ ...empty, seed: "x", blueprint: [{ count: 2 }] })).toMatchObject({ seed: "x", blueprint: [{ count: 2 }] });
});
