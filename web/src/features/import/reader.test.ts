import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { contentXml, latin1, ods, odsOf, ONDE, PRONOTE, SIECLE, utf16 } from "./fixtures";
import { MAX_BYTES } from "./limits";
import { makePupils } from "./pupils";
import { readFile, readPasted, type Reading } from "./reader";

const bytes = (text: string) => strToU8(text);
const keys = (reading: Reading) => reading.findings.map((f) => f.key);
const cellsOf = (text: string, separator: string) => text.split(/\r?\n/).map((line) => line.split(separator));

describe("what ONDE, SIECLE and Pronote write", () => {
  test("ONDE: names, the name in use first, levels and classes", () => {
    const reading = readFile(bytes(ONDE));
    expect(reading.origin).toBe("onde");
    expect(reading.separator).toBe(";");
    expect(reading.findings).toEqual([]);
    const { pupils, groups, findings } = makePupils(reading.rows);
    expect(findings).toEqual([]);
    expect(pupils).toEqual([
      { line: 2, last: "BARANGER", first: "Zoé", level: "CE1", groups: ["ce1 ce2 mme lune"] },
      { line: 3, last: "D'ALMEIDA-ROY", first: "Anaël", level: "CE2", groups: ["ce1 ce2 mme lune"] },
      { line: 4, last: "LEFÈVRE", first: "Maëlle Inès", level: "CM1", groups: ["cm1 m pre"] },
    ]);
    expect(groups.map((g) => [g.name, g.kind, g.level, g.pupils])).toEqual([
      ["CE1-CE2 Mme Lune", "class", null, 2],
      ["CM1 M. Pré", "class", "CM1", 1],
    ]);
  });

  test("SIECLE: one line a structure makes one pupil of a class and a group", () => {
    const reading = readFile(latin1(SIECLE));
    expect(reading.origin).toBe("siecle");
    expect(reading.encoding).toBe("windows-1252");
    const { pupils, groups, findings } = makePupils(reading.rows);
    expect(pupils).toEqual([
      { line: 2, last: "BARANGER", first: "Zoé", level: "6e", groups: ["6eme b", "6e allemand"] },
      { line: 4, last: "NGUYEN", first: "Anaël", level: "5e", groups: ["5eme a"] },
    ]);
    expect(groups.find((g) => g.key === "6e allemand")!.kind).toBe("group");
    expect(findings).toEqual([{ key: "merged", severity: "info", line: 3, args: { first: 2 } }]);
  });

  test("Pronote: several groups in one cell, the level from the class", () => {
    for (const reading of [readFile(bytes(PRONOTE)), readPasted(PRONOTE), readFile(ods(cellsOf(PRONOTE, "\t")))]) {
      expect(reading.origin).toBe("pronote");
      const { pupils, groups } = makePupils(reading.rows);
      expect(pupils.map((p) => [p.last, p.first, p.level, p.groups])).toEqual([
        ["BARANGER", "Zoé", "6e", ["6b", "6e allemand", "chorale"]],
        ["NGUYEN", "Anaël", "5e", ["5a", "chorale"]],
      ]);
      expect(groups.find((g) => g.key === "chorale")).toEqual({ key: "chorale", name: "Chorale", kind: "group", level: null, pupils: 2 });
    }
  });

  test("nothing that is not needed is kept", () => {
    for (const reading of [readFile(bytes(ONDE)), readFile(latin1(SIECLE)), readFile(bytes(PRONOTE)), readFile(ods(cellsOf(ONDE, ";")))]) {
      const all = JSON.stringify(reading);
      for (const secret of ["2016", "2015", "2014", "2013", "1234567890", "Tilleuls", "21000", "Dijon", "DEMI", "EXTERNE", "PAP", "FRANCE"])
        expect(all).not.toContain(secret);
      const sensitive = reading.columns.filter((c) => c.sensitive).map((c) => c.label);
      expect(sensitive.length).toBeGreaterThan(1);
    }
    const onde = readFile(bytes(ONDE));
    expect(onde.columns.filter((c) => c.sensitive).map((c) => c.label)).toEqual([
      "Date naissance", "Sexe", "INE", "Adresse1", "Cp1", "Commune1", "Pays1", "Autorisation photo",
    ]);
  });
});

describe("every encoding", () => {
  const text = "Nom;Prénom;Classe\r\nLEFÈVRE;Œdipe;6e B\r\nGARÇON;Naïs;6e B\r\n";
  const want = ["LEFÈVRE Œdipe", "GARÇON Naïs"];
  const cases: Record<string, Uint8Array> = {
    "UTF-8": bytes(text),
    "UTF-8 with a mark": bytes("\ufeff" + text),
    "UTF-16 little endian with a mark": utf16(text, true, true),
    "UTF-16 little endian": utf16(text, true, false),
    "UTF-16 big endian with a mark": utf16(text, false, true),
    "UTF-16 big endian": utf16(text, false, false),
  };
  for (const [name, file] of Object.entries(cases))
    test(name, () => {
      expect(readFile(file).rows.map((r) => `${r.last} ${r.first}`)).toEqual(want);
    });

  test("windows-1252 and Latin-1", () => {
    const reading = readFile(latin1("Nom;Prénom\nLEFÈVRE;Naïs\nL’HÔTE;Cœur"));
    expect(reading.encoding).toBe("windows-1252");
    expect(reading.rows.map((r) => `${r.last} ${r.first}`)).toEqual(["LEFÈVRE Naïs", "L’HÔTE Cœur"]);
  });
});

describe("separated values", () => {
  test.each([
    [";", "\n"],
    [",", "\r\n"],
    ["\t", "\r"],
  ])("separator %j, line end %j", (separator, end) => {
    const lines = [["Nom", "Prénom", "Classe"], ["ROY", "Ada", "CP"], ["PETIT", "Noé", "CP"]];
    const reading = readFile(bytes(lines.map((l) => l.join(separator)).join(end)));
    expect(reading.separator).toBe(separator);
    expect(reading.rows.map((r) => [r.line, r.last, r.first, r.class])).toEqual([
      [2, "ROY", "Ada", "CP"],
      [3, "PETIT", "Noé", "CP"],
    ]);
  });

  test("quotes hold separators, quotes and line ends; lines keep their numbers", () => {
    const reading = readFile(bytes('Nom;Prénom;Classe\n"DE ""LA"" TOUR";"Ana\nïs";"6e; B"\nROY;Ada;6e C\n'));
    expect(reading.rows.map((r) => [r.line, r.last, r.first, r.class])).toEqual([
      [2, 'DE "LA" TOUR', "Ana ïs", "6e; B"],
      [4, "ROY", "Ada", "6e C"],
    ]);
  });

  test("headings below a title, blank lines, headings repeated and totals", () => {
    const reading = readFile(bytes("Collège des Tilleuls;;\n;;\nÉdité le 1er septembre;;\nNom;Prénom;Classe\nROY;Ada;6A\n;;\nNom;Prénom;Classe\nPETIT;Noé;6B\nTotal : 2;;\n"));
    expect(reading.headerLine).toBe(4);
    const { pupils, findings } = makePupils(reading.rows);
    expect(pupils.map((p) => [p.line, p.last])).toEqual([[5, "ROY"], [8, "PETIT"]]);
    expect(findings).toEqual([]);
  });

  test("one column with the whole name", () => {
    const reading = readFile(bytes("Élève;Classe\nROY Ada;6A\nNoé PETIT;6A\n"));
    expect(makePupils(reading.rows).pupils.map((p) => [p.last, p.first])).toEqual([["ROY", "Ada"], ["PETIT", "Noé"]]);
  });

  test("columns chosen by a person", () => {
    const file = bytes("a;b;c\nAda;ROY;6A\n");
    const first = readFile(file);
    expect(keys(first)).toEqual(["no_header"]);
    expect(first.rows).toEqual([]);
    expect(first.glimpse).toEqual(["a", "b", "c"]);
    const second = readFile(file, { first: 0, last: 1, class: 2, groups: [], skipFirst: true });
    expect(second.findings).toEqual([]);
    expect(second.glimpse).toEqual([]);
    expect(second.rows.map((r) => [r.line, r.last, r.first, r.class])).toEqual([[2, "ROY", "Ada", "6A"]]);
  });
});

test("a semicolon that strays into a pasted list spoils its line only", () => {
  const reading = readPasted("ABEL Anne\nBRUN Basile\nCAMUS Chloé\n12;toto\n");
  expect(reading.source).toBe("lines");
  const { pupils, findings } = makePupils(reading.rows);
  expect(pupils.map((p) => p.last)).toEqual(["ABEL", "BRUN", "CAMUS"]);
  expect(findings.filter((f) => f.severity === "error").map((f) => [f.key, f.line])).toEqual([["first_empty", 4]]);
});

describe("dates of birth", () => {
  test("tell pupils of one name apart, and are not kept", () => {
    for (const heading of ["Date naissance", "Date de naissance", "Né(e) le", "Née le"]) {
      const reading = readFile(bytes(`Nom;Prénom;${heading}\nMARTIN;Lucas;03/04/2014\nMartin;LUCAS;05/06/2013\nMARTIN;Lucas;03/04/2014\nROY;Ada;\n`));
      expect(reading.rows.map((r) => r.twin), heading).toEqual([1, 2, 1, 0]);
      expect(JSON.stringify(reading)).not.toContain("2014");
    }
  });
});

describe("spreadsheets", () => {
  test("a sheet, repeated cells and rows, the first sheet that holds something", () => {
    const reading = readFile(ods([[]], [["Nom", "Prénom", "Classe"], ["ROY", "ROY", "6A"]], [["autre"]]));
    expect(reading.rows.map((r) => [r.line, r.last, r.first, r.class])).toEqual([[2, "ROY", "ROY", "6A"]]);
    expect(keys(reading)).toEqual(["other_sheets"]);
  });

  test("repeated rows are that many lines", () => {
    const xml = contentXml([[["Nom", "Prénom"], ["ROY", "Ada"]]]).replace("<table:table-row><table:table-cell office:value-type=\"string\"><text:p>ROY", '<table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="string"><text:p>ROY');
    const reading = readFile(odsOf(xml));
    expect(reading.rows.map((r) => r.line)).toEqual([2, 3, 4]);
    expect(makePupils(reading.rows).findings.map((f) => [f.key, f.line])).toEqual([["duplicate", 3], ["duplicate", 4]]);
  });

  test("comments are not content; spaces and lines inside a cell are", () => {
    const xml = contentXml([[["Nom", "Prénom"], ["@", "Ada"]]]).replace("<text:p>@</text:p>", "<office:annotation><text:p>note</text:p></office:annotation><text:p>DE<text:s text:c=\"2\"/>LA</text:p><text:p><text:span>TOUR</text:span></text:p>");
    expect(readFile(odsOf(xml)).rows[0]!.last).toBe("DE LA TOUR");
  });

  test("five thousand pupils read", () => {
    const rows = [["Nom", "Prénom", "Classe"], ...Array.from({ length: 5000 }, (_, i) => [`NOM${i}`, `Prénom${i}`, `${i % 150}`])];
    const { pupils } = makePupils(readFile(ods(rows)).rows);
    expect(pupils.length).toBe(5000);
  });
});

describe("what cannot be read says why", () => {
  const bomb = () => {
    const body = new Uint8Array(200 * 1024 * 1024).fill(0x20);
    return zipSync({ mimetype: strToU8("application/vnd.oasis.opendocument.spreadsheet"), "content.xml": body });
  };
  const cases: [string, () => Uint8Array, string][] = [
    ["nothing", () => new Uint8Array(0), "empty"],
    ["blank lines", () => bytes("\n \n\r\n"), "empty"],
    ["too many bytes", () => new Uint8Array(MAX_BYTES + 1), "too_large"],
    ["PDF", () => bytes("%PDF-1.7\n…"), "kind_pdf"],
    ["xlsx", () => zipSync({ "[Content_Types].xml": strToU8("<x/>"), "xl/workbook.xml": strToU8("<x/>") }), "kind_xlsx"],
    ["docx", () => zipSync({ "[Content_Types].xml": strToU8("<x/>"), "word/document.xml": strToU8("<x/>") }), "kind_document"],
    ["odt", () => zipSync({ mimetype: strToU8("application/vnd.oasis.opendocument.text"), "content.xml": strToU8("<x/>") }), "kind_document"],
    ["another archive", () => zipSync({ "eleves.xml": strToU8("<x/>") }), "kind_zip"],
    ["xls", () => Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), "kind_xls"],
    ["image", () => Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2), "kind_image"],
    ["XML of SIECLE", () => latin1('<?xml version="1.0" encoding="ISO-8859-15"?><BEE_ELEVES></BEE_ELEVES>'), "kind_xml"],
    ["HTML under another name", () => bytes("<html><table><tr><td>Nom</td></tr></table></html>"), "kind_html"],
    ["binary", () => Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 32), "kind_unknown"],
    ["no headings", () => bytes("a;b\nc;d\n"), "no_header"],
    ["headings and no pupil", () => bytes("Nom;Prénom\n"), "no_pupil"],
    ["a quote left open", () => bytes('Nom;Prénom\n"ROY;Ada\nPETIT;Noé\n'), "open_quote"],
    ["a cut archive", () => ods([["Nom", "Prénom"], ["ROY", "Ada"]]).slice(0, 200), "damaged"],
    ["broken XML", () => odsOf("<office:document-content><table:table>"), "damaged"],
    ["a document type with entities", () => odsOf('<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'), "damaged"],
    ["a bomb", bomb, "bomb"],
    ["a bomb of rows", () => odsOf(contentXml([[["Nom", "Prénom"], ["ROY", "Ada"]]]).replace("<table:table-row><table:table-cell office:value-type=\"string\"><text:p>ROY", '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string"><text:p>ROY')), "too_many_pupils"],
  ];
  for (const [name, file, key] of cases)
    test(`${name}: ${key}`, () => {
      const reading = readFile(file());
      const stopping = reading.findings.filter((f) => f.severity === "error");
      expect(stopping.map((f) => f.key)).toEqual([key]);
      expect(reading.rows).toEqual([]);
    }, 60_000);
});

describe("names pasted one a line", () => {
  test("bullets and numbers go; capitals and commas tell", () => {
    const reading = readPasted("1. ROY Ada\n2) Noé PETIT\n- de LA TOUR Anaïs\n\n• Martin, Jean-Luc\n5 Le Goff Maël\n");
    expect(reading.source).toBe("lines");
    const { pupils, findings } = makePupils(reading.rows);
    expect(pupils.map((p) => [p.line, p.last, p.first])).toEqual([
      [1, "ROY", "Ada"],
      [2, "PETIT", "Noé"],
      [3, "de LA TOUR", "Anaïs"],
      [5, "Martin", "Jean-Luc"],
      [6, "Le Goff", "Maël"],
    ]);
    expect(findings).toEqual([{ key: "order_unsure", severity: "info", args: { count: 1 } }]);
  });

  test("cells copied from a spreadsheet are a table", () => {
    const reading = readPasted("Nom\tPrénom\tClasse\nROY\tAda\tCP\n");
    expect(reading.source).toBe("csv");
    expect(reading.rows.map((r) => [r.last, r.class])).toEqual([["ROY", "CP"]]);
  });

  test("«Nom, Prénom» on each line is not a table", () => {
    expect(readPasted("Roy, Ada\nPetit, Noé").source).toBe("lines");
  });
});

describe("whatever is given", () => {
  const cell = fc.string({ unit: "grapheme", maxLength: 12 }).map((s) => s.replace(/[\p{Cc}\p{Cf}\p{Cs}\ufffd]/gu, ""));

  test("bytes never throw, and give pupils or a reason", () => {
    const starts = [[], [0xff, 0xfe], [0x50, 0x4b, 3, 4], [0xef, 0xbb, 0xbf], [...latin1("Nom;Prénom\n")], [...bytes('"')]];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 400 }), (start, rest) => {
        const reading = readFile(Uint8Array.from([...start, ...rest]));
        makePupils(reading.rows);
        return reading.rows.length > 0 || reading.findings.some((f) => f.severity === "error" && f.line === undefined);
      }),
      { numRuns: 2000 },
    );
  });

  test("a damaged spreadsheet never throws and never gives half a list", () => {
    const whole = ods([["Nom", "Prénom"], ...Array.from({ length: 40 }, (_, i) => [`NOM${i}`, "Ada"])]);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const file = whole.slice();
        file[at] = file[at]! ^ by;
        const reading = readFile(file);
        return reading.rows.length >= 40 || (reading.rows.length === 0 && reading.findings.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  test("pasted text never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const reading = readPasted(text);
        makePupils(reading.rows);
        return reading.rows.length > 0 || reading.findings.length > 0;
      }),
      { numRuns: 1000 },
    );
  });

  test("what is written in quotes is read back, with any separator", () => {
    const word = cell.map((s) => s.replace(/\s+/g, " ").trim().normalize("NFC")).filter((s) => s !== "" && !/^nom$|^pr[ée]nom$/i.test(s));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word), { minLength: 1, maxLength: 20 }), fc.constantFrom(";", ",", "\t"), (rows, separator) => {
        const quote = (s: string) => `"${s.replaceAll('"', '""')}"`;
        const text = [["Nom", "Prénom", "Classe"], ...rows].map((r) => r.map(quote).join(separator)).join("\r\n");
        const reading = readFile(bytes(text));
        expect(reading.rows.map((r) => [r.last, r.first, r.class])).toEqual(rows);
        expect(reading.rows.map((r) => r.line)).toEqual(rows.map((_, i) => i + 2));
      }),
      { numRuns: 300 },
    );
  });

  test("what is written in a spreadsheet is read back", () => {
    const word = cell.map((s) => s.replace(/\s+/g, " ").trim().normalize("NFC")).filter((s) => s !== "");
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word), { minLength: 1, maxLength: 20 }), (rows) => {
        const reading = readFile(ods([["Nom", "Prénom", "Classe"], ...rows]));
        expect(reading.rows.map((r) => [r.last, r.first, r.class])).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });
});
