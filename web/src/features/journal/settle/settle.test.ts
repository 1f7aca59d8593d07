import { expect, it } from "vitest";
import type { Content, Mandate } from "../api";
import { filesOf } from "./files";
import { nextTurn } from "./turns";

it("finds each file that a content shows, once, with its words", () => {
  const content: Content = {
    title: "x", pictureId: "a", pictureAlt: "Une cour", about: { audience: "school", documents: ["d", "b"] },
    body: { type: "doc", content: [{ type: "image", attrs: { file: "b", alt: "Un platane" } }, { type: "paragraph" }] },
  };
  expect(filesOf(content)).toEqual([{ id: "a", alt: "Une cour" }, { id: "b", alt: "Un platane" }, { id: "d", alt: "" }]);
});

it("begins a turn where the last one ends, and never before now", () => {
  const turn = (kind: Mandate["kind"], until: number): Mandate => ({ id: "m", kind, startsAt: 1, until, who: "x" });
  expect(nextTurn([], 100)).toBe(100);
  expect(nextTurn([turn("moderation", 5_000), turn("board", 9_000)], 100)).toBe(6_000);
  expect(nextTurn([turn("moderation", 50)], 5_000)).toBe(5_000);
});
