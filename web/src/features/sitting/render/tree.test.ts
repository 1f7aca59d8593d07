import { expect, test } from "vitest";
import { all, asList, isAnswered, moved, partner, words, withPair } from "./tree";

test("a pair is replaced, and taken away", () => {
  expect(withPair(["c1 c4", "c2 c5"], "c1", "c6")).toEqual(["c2 c5", "c1 c6"]);
  expect(withPair(["c1 c4"], "c1", "")).toEqual([]);
  expect(partner(["c1 c4", "c2 c5"], "c2")).toBe("c5");
  expect(partner([], "c2")).toBe("");
});

test("a list keeps its elements when one moves, whatever the place asked", () => {
  for (let from = 0; from < 4; from++) for (let to = -1; to < 6; to++) expect([...moved(["a", "b", "c", "d"], from, to)].sort()).toEqual(["a", "b", "c", "d"]);
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
});

test("words, nodes and answers are found", () => {
  const tree = { tag: "p", children: [{ text: "Le " }, { tag: "b", children: [{ text: "mot" }] }, { tag: "gap", attrs: { id: "c1" } }] };
  expect(words(tree)).toBe("Le mot");
  expect(all([tree], "gap")).toHaveLength(1);
  expect(isAnswered({ r1: [], r2: "  " })).toBe(false);
  expect(isAnswered({ r1: ["c1"] })).toBe(true);
  expect(asList("c1")).toEqual(["c1"]);
});
