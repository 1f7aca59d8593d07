import { MAX_COLUMNS } from "./limits";
import { unreadable, type OnRow } from "./table";

export type Separator = ";" | "," | "\t";

const SEPARATORS: readonly Separator[] = [";", "\t", ","];

/**
 * Guesses the separator from the first lines: the one that most lines hold in
 * the same number, counted outside quotes. Null when no line holds any.
 */
export function detectSeparator(text: string): Separator | null {
  const said = /^sep=([;,\t])\r?\n/.exec(text);
  if (said) return said[1] as Separator;
  const counts = new Map<Separator, number[]>(SEPARATORS.map((s) => [s, []]));
  let now = new Map<string, number>();
  let quoted = false;
  let lines = 0;
  const endLine = () => {
    if (now.size > 0) for (const s of SEPARATORS) counts.get(s)!.push(now.get(s) ?? 0);
    now = new Map();
    lines++;
  };
  for (let i = 0; i < text.length && i < 65_536 && lines < 40; i++) {
    const c = text[i]!;
    if (c === '"') quoted = !quoted;
    else if (!quoted && c === "\n") endLine();
    else if (!quoted && (c === ";" || c === "," || c === "\t")) now.set(c, (now.get(c) ?? 0) + 1);
  }
  endLine();
  let best: Separator | null = null;
  let bestScore = 0;
  for (const separator of SEPARATORS) {
    const per = counts.get(separator)!.filter((n) => n > 0);
    if (per.length === 0) continue;
    const tally = new Map<number, number>();
    for (const n of per) tally.set(n, (tally.get(n) ?? 0) + 1);
    // Lines that agree weigh most, then how many columns they make.
    let score = 0;
    for (const [n, lineCount] of tally) score = Math.max(score, lineCount * 1000 + Math.min(n, 99));
    if (score > bestScore) [best, bestScore] = [separator, score];
  }
  return best;
}

/**
 * Reads separated values (RFC 4180, with any line ending, and the quotes that
 * people leave inside unquoted cells taken as they are). Blank lines are given
 * too, as one empty cell. Throws Unreadable for a quote that never closes.
 */
export function readCsv(text: string, separator: Separator, onRow: OnRow): void {
  let at = 0;
  let line = 1;
  const said = /^sep=[;,\t]\r?\n/.exec(text);
  if (said) {
    at = said[0].length;
    line = 2;
  }
  const end = text.length;
  while (at < end) {
    const cells: string[] = [];
    const startLine = line;
    for (;;) {
      let cell: string;
      if (text[at] === '"') {
        const opened = line;
        let value = "";
        at++;
        for (;;) {
          const close = text.indexOf('"', at);
          if (close < 0) throw unreadable("open_quote", { args: { at: opened } });
          const part = text.slice(at, close);
          value += part;
          line += breaks(part);
          at = close + 1;
          if (text[at] !== '"') break;
          value += '"';
          at++;
        }
        const stop = nextStop(text, at, separator);
        cell = value + text.slice(at, stop);
        at = stop;
      } else {
        const stop = nextStop(text, at, separator);
        cell = text.slice(at, stop);
        at = stop;
      }
      if (cells.length < MAX_COLUMNS) cells.push(cell);
      if (at < end && text[at] === separator) {
        at++;
        continue;
      }
      break;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    if (!onRow({ line: startLine, cells })) return;
  }
}

function nextStop(text: string, from: number, separator: string): number {
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === separator || c === "\n" || c === "\r") return i;
  }
  return text.length;
}

/** Line ends in a quoted cell: \r\n counts once. */
function breaks(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
