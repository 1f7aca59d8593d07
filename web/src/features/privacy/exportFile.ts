import type { Export } from "./api";

/** The words and dates of an export, in the language of whoever makes it. */
export type Words = {
  title: string;
  made: string;
  school: string;
  name: string;
  nameNote: string;
  withheld: string;
  leftOff: (count: number) => string;
  moment: (at: number) => string;
  lang: string;
};

type Cell = Export["tables"][number]["rows"][number]["cells"][number];

const valueAt = (cells: readonly Cell[], i: number): string | number | null => cells[i]?.text ?? cells[i]?.number ?? null;

/** The export as data (GDPR article 20), with the name that the browser adds. Times are ISO 8601. */
export function asJSON(data: Export, name: string | null): string {
  return JSON.stringify(
    {
      kind: data.kind,
      id: data.id,
      ...(name ? { nameAddedByBrowser: name } : {}),
      school: data.school || undefined,
      madeAt: new Date(data.madeAt).toISOString(),
      data: data.tables.map((table) => ({
        table: table.table,
        about: table.text,
        leftOff: table.leftOff,
        rows: table.rows.map((row) =>
          Object.fromEntries(
            table.columns.map((column, i) => {
              const value = valueAt(row.cells, i);
              return [column.name, column.time && typeof value === "number" ? new Date(value).toISOString() : value];
            }),
          ),
        ),
      })),
      columns: Object.fromEntries(data.tables.flatMap((table) => table.columns.map((column) => [`${table.table}.${column.name}`, column.text]))),
      withheld: data.withheld,
    },
    null,
    2,
  );
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text that cannot be read as markup. */
export function escapeHTML(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign);
}

/** The export as a page that anyone can open and print. */
export function asHTML(data: Export, name: string | null, words: Words): string {
  const e = escapeHTML;
  const cell = (value: string | number | null, time: boolean | undefined) =>
    value === null ? "–" : e(time && typeof value === "number" ? words.moment(value) : String(value));
  const tables = data.tables.map((table) => {
    const head = table.columns.map((column) => `<th scope="col">${e(column.text)}</th>`).join("");
    const rows = table.rows.map((row) => `<tr>${table.columns.map((column, i) => `<td>${cell(valueAt(row.cells, i), column.time)}</td>`).join("")}</tr>`);
    const left = table.leftOff ? `<p>${e(words.leftOff(table.leftOff))}</p>` : "";
    return `<h2>${e(table.text)}</h2>\n<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table>${left}`;
  });
  return `<!doctype html>
<html lang="${e(words.lang)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${e(words.title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;margin:.5rem 0 2rem;display:block;overflow-x:auto}th,td{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}</style></head><body>
<h1>${e(words.title)}</h1>
<p>${e(words.made)}</p>
${data.school ? `<p>${e(words.school)}</p>` : ""}
${name ? `<p>${e(words.name)}</p><p>${e(words.nameNote)}</p>` : ""}
${tables.join("\n")}
<h2>${e(words.withheld)}</h2>
<ul>${data.withheld.map((line) => `<li>${e(line)}</li>`).join("")}</ul>
</body></html>
`;
}

/** A file name without what some systems refuse. It holds no name: only the seat's number or an id. */
export function fileName(label: string, extension: string): string {
  return `donnees-${label.replace(/[^\p{L}\p{N}-]+/gu, "-")}.${extension}`;
}
