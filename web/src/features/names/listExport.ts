/** The list of a group or of a school as a file that the standard `age` command opens. */
import { sealTo, sealWithPhrase } from "./age";
import { type Bytes, utf8 } from "./bytes";

export interface ListRow {
  number: number;
  pseudonym: string;
  last: string;
  first: string;
  groups: string[];
}

export type ListLock = { phrase: string; workFactor?: number } | { recipients: string[] };

/**
 * UTF-8 with a byte-order mark, semicolons and CRLF, as French spreadsheets
 * expect. Every cell is quoted; a cell that a spreadsheet would run as a
 * formula begins with an apostrophe.
 */
export function listCsv(header: readonly string[], rows: readonly ListRow[]): string {
  const lines = rows.map((row) => [String(row.number), row.pseudonym, row.last, row.first, row.groups.join(", ")]);
  return "\ufeff" + [header, ...lines].map((cells) => cells.map(cell).join(";") + "\r\n").join("");
}

export function sealList(csv: string, lock: ListLock): Promise<Bytes> {
  return "phrase" in lock ? sealWithPhrase(lock.phrase, utf8(csv), lock.workFactor) : sealTo(lock.recipients, utf8(csv));
}

/** The same signs as the server's own sheets (internal/privacy/sheet.go). */
function cell(text: string): string {
  const safe = /^([\t\r]|[ \t\r\n\u00a0]*[=+\-@|%])/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
