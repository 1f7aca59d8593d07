import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flip, splitName } from "./fullName";
import { levelOfClass, LEVELS, readLevel } from "./levels";
import { makePupils, NO_CHOICES } from "./pupils";
import type { RawPupil } from "./reader";

const row = (line: number, last: string, first: string, more: Partial<RawPupil> = {}): RawPupil => ({
  line, last, first, full: "", level: "", class: "", groups: "", kind: "", twin: 0, ...more,
});

describe("levels", () => {
  const cases: Record<string, string[]> = {
    TPS: ["TPS", "Toute petite section"],
    PS: ["PS", "Petite Section", "petits"],
    MS: ["MS", "MOYENNE SECTION"],
    GS: ["GS", "Grande section (GS)"],
    CP: ["CP", "Cours préparatoire"],
    CE1: ["CE1", "ce 1", "Cours élémentaire 1ère année", "CE1 - COURS ELEMENTAIRE 1ERE ANNEE"],
    CE2: ["CE2", "Cours élémentaire 2ème année"],
    CM1: ["CM1", "Cours moyen 1re année"],
    CM2: ["CM2", "cours moyen deuxième année"],
    "6e": ["6e", "6EME", "6ème", "6ᵉ", "Sixième", "6EME SEGPA", "6"],
    "5e": ["5EME", "cinquième"],
    "4e": ["4e", "QUATRIEME"],
    "3e": ["3EME", "3ème prépa métiers"],
    "2de": ["2de", "2nde", "2NDE GT", "Seconde générale", "2-GT", "2nde pro"],
    "1re": ["1re", "1ère", "1ERE G", "Première STMG", "1STMG"],
    Tle: ["Tle", "TERMINALE", "Term G", "TG", "T STMG"],
    CAP1: ["1CAP2", "CAP 1", "1ère année de CAP"],
    CAP2: ["2CAP2", "CAP2"],
  };
  test("read as schools write them", () => {
    expect(Object.keys(cases)).toEqual([...LEVELS]);
    for (const [level, texts] of Object.entries(cases)) for (const text of texts) expect(`${text}: ${readLevel(text)}`).toBe(`${text}: ${level}`);
  });
  test("what is none, or several", () => {
    for (const text of ["", "ULIS", "UPE2A", "CE1-CE2", "PS/MS", "10e", "BTS", "pstt", "42"]) expect(`${text}: ${readLevel(text)}`).toBe(`${text}: null`);
  });
  test("from a class's name", () => {
    const names: [string, string | null][] = [
      ["6e B", "6e"], ["6B", "6e"], ["5e3", "5e"], ["CM2 de Mme Roy", "CM2"], ["Classe de CP", "CP"], ["CE1-CE2 Mme Lune", null], ["601", null],
      ["Les Tilleuls", null], ["2NDE 4", "2de"], ["TG2", null], ["3e Chine", "3e"],
    ];
    for (const [name, level] of names) expect(`${name}: ${levelOfClass(name)}`).toBe(`${name}: ${level}`);
  });
});

describe("full names", () => {
  const cases: [string, string, string, boolean][] = [
    ["ROY Ada", "ROY", "Ada", true],
    ["Ada ROY", "ROY", "Ada", true],
    ["Marie-Lou DE LA TOUR", "DE LA TOUR", "Marie-Lou", true],
    ["Anaïs de LA TOUR", "de LA TOUR", "Anaïs", true],
    ["LE GOFF Jean Paul", "LE GOFF", "Jean Paul", true],
    ["Roy, Ada", "Roy", "Ada", true],
    ["De La Tour, Jean Paul", "De La Tour", "Jean Paul", true],
    ["ÉLOI Zoé", "ÉLOI", "Zoé", true],
    ["O'NEIL Tom", "O'NEIL", "Tom", true],
    ["Roy Ada", "Roy", "Ada", false],
    ["ROY ADA", "ROY", "ADA", false],
    ["Roy", "Roy", "", false],
    [" , ", "", "", false],
    ["\u200b ", "", "", false],
  ];
  test.each(cases)("%s", (text, last, first, sure) => {
    expect(splitName(text, "lastFirst")).toEqual({ last, first, sure });
  });
  test("the other order, when nothing tells", () => {
    expect(splitName("Ada Le Goff", "firstLast")).toEqual({ last: "Le Goff", first: "Ada", sure: false });
    expect(splitName("ROY Ada", "firstLast")).toEqual({ last: "ROY", first: "Ada", sure: true });
  });
  test("no letter is lost, whatever the writing", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Za-zéÉ'-]{1,8}$/), { minLength: 1, maxLength: 6 }), fc.constantFrom("lastFirst" as const, "firstLast" as const), (words, order) => {
        const split = splitName(words.join(" "), order);
        const letters = (...s: string[]) => s.join(" ").split(/\s+/).filter(Boolean).sort().join(" ");
        expect(letters(split.last, split.first)).toBe(letters(...words));
        expect(flip(flip(split))).toEqual({ last: split.last, first: split.first });
      }),
    );
  });
});

describe("pupils of a list", () => {
  test("each problem has its line", () => {
    const { pupils, findings } = makePupils([
      row(2, "ROY", "Ada", { class: "6A" }),
      row(3, "", "", { class: "6A" }),
      row(4, "", "Noé"),
      row(5, "PETIT", ""),
      row(6, "roy", "ADA", { class: "6a" }),
      row(7, "ROY", "Ada", { class: "6B" }),
      row(8, "123", "Noé"),
      row(9, "<b>X</b>", "Noé"),
      row(10, "x".repeat(101), "Noé"),
      row(11, "LUNE", "Zoé", { level: "ULIS" }),
      row(12, "PRE", "Tom", { class: "y".repeat(61) }),
      row(13, "LEF?VRE", "Tom"),
    ]);
    expect(findings.map((f) => [f.key, f.severity, f.line])).toEqual([
      ["name_empty", "error", 3],
      ["last_empty", "error", 4],
      ["first_empty", "error", 5],
      ["duplicate", "warning", 6],
      ["same_name", "warning", 7],
      ["not_a_name", "error", 8],
      ["not_a_name", "error", 9],
      ["name_too_long", "error", 10],
      ["group_too_long", "warning", 12],
      ["lost_letter", "warning", 13],
      ["level_unknown", "warning", undefined],
    ]);
    expect(pupils.map((p) => p.line)).toEqual([2, 7, 11, 12, 13]);
  });

  test("another level or another date of birth makes another pupil of the same name", () => {
    const at = (line: number, level: string, twin: number) => row(line, "MARTIN", "Lucas", { class: "CM1-CM2", level, twin });
    const apart = makePupils([at(2, "CM1", 0), at(3, "CM2", 0)]);
    expect(apart.pupils.map((p) => p.line)).toEqual([2, 3]);
    expect(apart.findings.map((f) => [f.key, f.severity, f.line])).toEqual([["same_name", "warning", 3]]);
    expect(makePupils([at(2, "CM1", 1), at(3, "CM1", 2), at(4, "CM1", 1)]).pupils.map((p) => p.line)).toEqual([2, 3]);
    expect(makePupils([at(2, "", 1), at(3, "CM1", 0), at(4, "CM1", 1)]).pupils.map((p) => [p.line, p.level])).toEqual([[2, "CM1"]]);
  });

  test("a person may say that two lines are two pupils", () => {
    const rows = [row(2, "ROY", "Ada", { class: "6A" }), row(3, "ROY", "Ada", { class: "6A" })];
    expect(makePupils(rows).pupils.length).toBe(1);
    const { pupils, findings } = makePupils(rows, { ...NO_CHOICES, distinct: new Set([3]) });
    expect(pupils.length).toBe(2);
    expect(findings).toEqual([]);
  });

  test("a person may exchange the names of a line, name the level and the class", () => {
    const { pupils, groups, findings } = makePupils([row(2, "Ada", "ROY", { level: "ULIS école" })], {
      ...NO_CHOICES,
      flipped: new Set([2]),
      levels: new Map([["ulis ecole", "CM1"]]),
      oneClass: "Les Tilleuls",
    });
    expect(findings).toEqual([]);
    expect(pupils).toEqual([{ line: 2, last: "ROY", first: "Ada", level: "CM1", groups: ["les tilleuls"] }]);
    expect(groups).toEqual([{ key: "les tilleuls", name: "Les Tilleuls", kind: "class", level: "CM1", pupils: 1 }]);
  });

  test("a group said twice on a line that is brought together counts once", () => {
    const { pupils, groups } = makePupils([row(2, "ROY", "Ada", { class: "6A" }), row(3, "ROY", "Ada", { class: "6A", groups: "Latin, latin | 6a" })]);
    expect(pupils.map((p) => p.groups)).toEqual([["6a", "latin"]]);
    expect(groups.map((g) => g.pupils)).toEqual([1, 1]);
  });

  test("more than the limit of pupils gives none", () => {
    const { pupils, findings } = makePupils(Array.from({ length: 5001 }, (_, i) => row(i + 2, `N${i}`, "Ada")));
    expect(pupils).toEqual([]);
    expect(findings).toEqual([{ key: "too_many_pupils", severity: "error", args: { max: 5000 } }]);
  });

  test("whatever the rows, each pupil has both names and known groups, and counts agree", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 15 });
    const rows = fc.array(fc.record({ line: fc.nat(), last: text, first: text, full: fc.oneof(fc.constant(""), text), level: text, class: text, groups: text, kind: fc.constantFrom("", "D", "G"), twin: fc.nat(2) }), { maxLength: 30 });
    fc.assert(
      fc.property(rows, (list) => {
        const { pupils, groups } = makePupils(list);
        for (const pupil of pupils) {
          expect(pupil.last).toMatch(/\p{L}/u);
          expect(pupil.first).toMatch(/\p{L}/u);
          for (const key of pupil.groups) expect(groups.some((g) => g.key === key)).toBe(true);
          expect(new Set(pupil.groups).size).toBe(pupil.groups.length);
        }
        for (const g of groups) expect(g.pupils).toBe(pupils.filter((p) => p.groups.includes(g.key)).length);
      }),
      { numRuns: 500 },
    );
  });
});
