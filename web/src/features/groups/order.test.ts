import { expect, it } from "vitest";
import { inSchoolOrder } from "./order";

it("puts classes from the youngest, then groups, by name with their numbers", () => {
  const group = (name: string, level?: string, kind: "class" | "group" = "class") => ({ name, level, kind });
  const sorted = inSchoolOrder([group("Chorale", undefined, "group"), group("5e 10", "5e"), group("5e 2", "5e"), group("6e allemand", "6e", "group"), group("6e B", "6e"), group("CP", "CP")]);
  expect(sorted.map((g) => g.name)).toEqual(["CP", "6e B", "6e allemand", "5e 2", "5e 10", "Chorale"]);
});
