import { expect, test } from "vitest";
import { answerOf, extended, readDrawing } from "./drawing";

test("what is drawn and said comes back as it was", () => {
  const strokes = [{ pen: 2, wide: true, points: [1, 2, 30, 40] }, { pen: 0, wide: false, points: [5, 5] }];
  const answer = answerOf(strokes, "Une #maison");
  expect(answer).toEqual(["2 1 1,2 30,40", "0 0 5,5", "#Une #maison"]);
  expect(readDrawing(answer)).toEqual({ strokes, words: "Une #maison" });
  expect(answerOf([], "  ")).toEqual([]);
});

test("a hand that trembles adds no points", () => {
  expect(extended([10, 10], 11, 10)).toEqual([10, 10]);
  expect(extended([10, 10], 12, 10)).toEqual([10, 10, 12, 10]);
  expect(extended([], 0, 0)).toEqual([0, 0]);
});
