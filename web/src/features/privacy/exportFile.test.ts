import { describe, expect, it } from "vitest";
import type { Export } from "./api";
import { asHTML, asJSON, escapeHTML, fileName, type Words } from "./exportFile";

const words: Words = {
  lang: "fr",
  title: "Titre",
  made: "Fait",
  school: "École",
  name: "Nom : Zoé <b>",
  nameNote: "Note",
  withheld: "Absent",
  leftOff: (count) => `${count} de plus`,
  moment: (at) => `le ${at}`,
};

const data: Export = {
  kind: "seat",
  id: "seat-1",
  school: "École",
  madeAt: Date.UTC(2026, 10, 23),
  withheld: ["Secret : laissé de côté"],
  tables: [
    {
      table: "seat",
      text: "Place <script>",
      leftOff: 3,
      columns: [
        { name: "pseudonym", text: "Pseudonyme" },
        { name: "created_at", text: "Date", time: true },
        { name: "number", text: "Numéro" },
      ],
      rows: [{ cells: [{ text: "Loutre & co" }, { number: 0 }, { number: 0 }] }, { cells: [{}, {}, {}] }],
    },
  ],
};

describe("a person's export", () => {
  it("writes times as dates, zero as zero and nothing as null", () => {
    const parsed = JSON.parse(asJSON(data, "Zoé")) as { nameAddedByBrowser: string; data: { rows: unknown[]; leftOff: number }[] };
    expect(parsed.nameAddedByBrowser).toBe("Zoé");
    expect(parsed.data[0]?.leftOff).toBe(3);
    expect(parsed.data[0]?.rows).toEqual([
      { pseudonym: "Loutre & co", created_at: "1970-01-01T00:00:00.000Z", number: 0 },
      { pseudonym: null, created_at: null, number: null },
    ]);
  });

  it("says no name when the names are closed", () => {
    expect(asJSON(data, null)).not.toContain("nameAddedByBrowser");
    expect(asHTML(data, null, words)).not.toContain(words.nameNote);
  });

  it("cannot be read as markup", () => {
    const page = asHTML(data, "Zoé", words);
    expect(page).toContain("Place &lt;script&gt;");
    expect(page).toContain("Loutre &amp; co");
    expect(page).toContain("Zoé &lt;b&gt;");
    expect(page).not.toContain("<script");
    expect(page).toContain("<td>le 0</td><td>0</td>");
    expect(page).toContain("3 de plus");
    expect(escapeHTML(`<a href="x">&`)).toBe("&lt;a href=&quot;x&quot;&gt;&amp;");
  });

  it("names a file without what systems refuse", () => {
    expect(fileName("12", "json")).toBe("donnees-12.json");
    expect(fileName("../a b/c", "html")).toBe("donnees--a-b-c.html");
  });
});
