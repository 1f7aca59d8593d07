import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Content } from "../api";
import { compare, type InWords, type Line, linesOf } from "./diff";

const side = (lines: readonly Line[], drop: "added" | "removed") => lines.filter((l) => l.as !== drop).map((l) => l.runs.filter((r) => r.as !== drop).map((r) => r.text).join(""));

describe("compare", () => {
  it("shows what was changed in a line by its words", () => {
    const [first, second] = compare(["Les platanes ont perdu leurs feuilles.", "Fin."], ["Les tilleuls ont perdu leurs feuilles.", "Fin."]);
    expect(first?.as).toBe("changed");
    expect(first?.runs).toEqual([
      { as: "same", text: "Les " },
      { as: "removed", text: "platanes" },
      { as: "added", text: "tilleuls" },
      { as: "same", text: " ont perdu leurs feuilles." },
    ]);
    expect(second?.as).toBe("same");
  });

  it("tells a new line from a changed one", () => {
    expect(compare(["un deux trois"], ["un deux trois", "autre chose entièrement"]).map((l) => l.as)).toEqual(["same", "added"]);
    expect(compare(["abc def"], ["xyz"]).map((l) => l.as)).toEqual(["removed", "added"]);
  });

  it("loses nothing of either side", () => {
    const lines = fc.array(fc.array(fc.constantFrom("cour", "école", "platane", "le", ","), { minLength: 1, maxLength: 8 }).map((words) => words.join(" ")), { maxLength: 8 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const found = compare(before, after);
        expect(side(found, "added")).toEqual(before);
        expect(side(found, "removed")).toEqual(after);
      }),
    );
  });
});

it("gives all that a reader sees, a line each", () => {
  const content: Content = {
    title: "Titre", standfirst: "Chapeau", pictureId: "p", pictureAlt: "Une cour", credit: "Ana",
    about: { audience: "public", themes: ["t"], collective: "c", documents: ["d"], tags: ["jardin"], sources: [{ title: "Le jardinier", url: "https://a.example/" }] },
    body: { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: "ici", marks: [{ type: "link", attrs: { href: "https://b.example/" } }] }] }, { type: "bulletList", content: [{ type: "listItem", content: [{ type: "paragraph", content: [{ type: "text", text: "un" }] }] }] }] },
  };
  const words: InWords = { audience: (about) => `pour ${about.audience}`, theme: (id) => `thème ${id}`, collective: (id) => `club ${id}`, moment: String, document: (n) => `document ${n}` };
  expect(linesOf(content, words)).toEqual(["Titre", "Chapeau", "Une cour · Ana", "ici (https://b.example/)", "un", "Le jardinier https://a.example/", "document 1", "jardin", "thème t", "club c", "pour public"]);
});
