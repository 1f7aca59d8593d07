import { describe, expect, it } from "vitest";
import { confirms, findSeats, folded, type Seat } from "./person";

const seat = (id: string, number: number, pseudonym: string): Seat => ({
  id,
  number,
  pseudonym,
  picture: "fox",
  yearId: "y",
  groups: [],
  secretVersion: 1,
  createdAt: 0,
});

const seats = [seat("a", 1, "Loutre agile"), seat("b", 12, "Écureuil roux"), seat("c", 112, "Renard malin")];

const ids = (found: readonly Seat[]) => found.map((s) => s.id).join("");

describe("finding a person", () => {
  it.each([
    ["", "", ""],
    ["12", "", "b"],
    ["  1 ", "", "a"],
    ["ecureuil", "", "b"],
    ["RENARD", "", "c"],
    ["martin", "a", "a"],
    ["nobody", "", ""],
    ["r", "", "abc"],
  ])("%j among names %j gives %j", (text, named, want) => {
    expect(ids(findSeats(seats, text, new Set(named)))).toBe(want);
  });

  it("folds accents, case and blanks", () => {
    expect(folded("  Élève ")).toBe("eleve");
    expect(confirms(" 12 ", "12")).toBe(true);
    expect(confirms("Staff@Ecole.example", "staff@ecole.example")).toBe(true);
    expect(confirms("112", "12")).toBe(false);
    expect(confirms("", "12")).toBe(false);
  });
});
