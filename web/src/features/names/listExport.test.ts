import { describe, expect, it } from "vitest";
import { Opener, makeIdentity, openWithPhrase } from "./age";
import { fromUtf8 } from "./bytes";
import { listCsv, sealList } from "./listExport";

const header = ["Numéro", "Pseudonyme", "Nom", "Prénom", "Classes"];
const rows = [
  { number: 1, pseudonym: "Renard calme", last: 'Du "Bois"; dit', first: "Zoé", groups: ["6e B", "6e B allemand"] },
  { number: 2, pseudonym: "Loutre", last: "=SOMME(A1)", first: "-Jean", groups: [] },
];

describe("exported lists", () => {
  it("are CSV that a spreadsheet reads and does not run", () => {
    expect(listCsv(header, rows)).toBe(
      '\ufeff"Numéro";"Pseudonyme";"Nom";"Prénom";"Classes"\r\n' +
        '"1";"Renard calme";"Du ""Bois""; dit";"Zoé";"6e B, 6e B allemand"\r\n' +
        '"2";"Loutre";"\'=SOMME(A1)";"\'-Jean";""\r\n',
    );
  });

  it("let no cell begin a formula, behind blanks neither", () => {
    for (const start of ["=", "+", "-", "@", "|", "%", " =", "\u00a0+", "\n-", "\t", "\r"]) {
      expect(listCsv([`${start}A1`], []), JSON.stringify(start)).toBe(`\ufeff"'${start}A1"\r\n`);
    }
    expect(listCsv(["A=1"], [])).toBe('\ufeff"A=1"\r\n');
  });

  it("open with their phrase or by their recipients", async () => {
    const csv = listCsv(header, rows);
    expect(fromUtf8(await openWithPhrase("six mots", await sealList(csv, { phrase: "six mots", workFactor: 8 })))).toBe(csv);
    const [a, b] = [await makeIdentity(), await makeIdentity()];
    const sealed = await sealList(csv, { recipients: [a.recipient, b.recipient] });
    for (const { identity } of [a, b]) expect(fromUtf8(await new Opener(identity).open(sealed))).toBe(csv);
  });
});
