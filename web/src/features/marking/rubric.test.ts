import { expect, test } from "vitest";
import { mostOf, pointsOf, readLevels } from "./rubric";

test("levels are read one a line, with the points first, in French numbers", () => {
  expect(readLevels("0 Absent\n\n1,5 : Partiel\n3 Clair et complet\n")).toEqual([
    { points: 0, text: "Absent" },
    { points: 1.5, text: "Partiel" },
    { points: 3, text: "Clair et complet" },
  ]);
});

test.each(["", "1 Un seul", "0 Absent\nPartiel", "2 Haut\n1 Bas", "0 a\n1 b\n2 c\n3 d\n4 e\n5 f\n6 g"])("%j is no list of levels", (text) => expect(readLevels(text)).toBeNull());

test("points are those of the levels chosen", () => {
  const criteria = [
    { name: "Sens", levels: [{ points: 0, text: "a" }, { points: 3, text: "b" }] },
    { name: "Langue", levels: [{ points: 0, text: "a" }, { points: 1, text: "b" }] },
  ];
  expect(pointsOf(criteria, [1, 0])).toBe(3);
  expect(pointsOf(criteria, [])).toBe(0);
  expect(mostOf(criteria)).toBe(4);
});
