import type { SeatName } from "./record";

/** Which of the two columns of the grid. */
export type Field = "last" | "first";

/** What a paste puts in one row. */
export type Pasted = Partial<SeatName>;

/**
 * Reads what was copied from a spreadsheet. Two columns fill both fields from
 * the one pasted into; one column fills that field. Null for a single value,
 * which is an ordinary paste.
 */
export function readPaste(text: string, field: Field): Pasted[] | null {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  if (lines.length === 1 && !lines[0]!.includes("\t")) return null;
  return lines.map((line) => {
    const [one = "", two] = line.split("\t").map(tidy);
    if (two === undefined || field === "first") return { [field]: one };
    return { last: one, first: two };
  });
}

/** One line, composed, single spaces. */
export function tidy(text: string): string {
  return text.normalize("NFC").replace(/[\s\p{Cc}]+/gu, " ").trim();
}
