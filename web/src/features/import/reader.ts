import { decodeText, type Encoding } from "./encoding";
import { readCsv, detectSeparator, type Separator } from "./csv";
import type { Finding } from "./findings";
import { fold, tidy } from "./fold";
import { birthColumn, guessMapping, guessOrigin, isHeader, namesPupils, readColumns, type Column, type Mapping, type Origin } from "./headers";
import { MAX_BYTES, MAX_LINES, MAX_PUPILS } from "./limits";
import { readOds } from "./ods";
import { looksBinary, sniff } from "./sniff";
import { Unreadable, unreadable, type OnRow, type Row } from "./table";

/** The cells of one line that an import needs; nothing else of the line is kept. */
export interface RawPupil {
  line: number;
  last: string;
  first: string;
  /** Last and first name in one cell; "" when they have their own. */
  full: string;
  level: string;
  class: string;
  groups: string;
  /** SIECLE's «Type Structure»: G when the class column names a group. */
  kind: string;
  /** Which pupil of that name, from 1, where dates of birth tell several apart; the dates themselves are not kept. 0 when they tell nothing. */
  twin: number;
}

export interface Reading {
  source: "csv" | "ods" | "lines";
  encoding: Encoding | null;
  separator: Separator | null;
  origin: Origin;
  columns: Column[];
  /** 0 when the list has no line of headings. */
  headerLine: number;
  mapping: Mapping;
  /** First line of a list without headings, while nobody has said what its columns are; empty otherwise. */
  glimpse: string[];
  rows: RawPupil[];
  findings: Finding[];
}

/** Lines looked at to find the headings. */
const HEADER_WITHIN = 40;

/**
 * Reads a list from a file's bytes. With a mapping, the columns are those;
 * without, those that the headings tell. Never throws: what is wrong is a
 * finding, and a finding without a line means that nothing was read.
 */
export function readFile(bytes: Uint8Array, mapping?: Mapping): Reading {
  const reading = blank();
  try {
    if (bytes.length === 0) throw unreadable("empty");
    if (bytes.length > MAX_BYTES) throw unreadable("too_large");
    const sniffed = sniff(bytes);
    if (sniffed.kind === "refused") throw unreadable(sniffed.key);
    const collector = new Collector(mapping);
    if (sniffed.kind === "zip") {
      reading.source = "ods";
      const { otherSheets } = readOds(bytes, collector.take);
      if (otherSheets.length > 0) reading.findings.push({ key: "other_sheets", severity: "info", args: { count: otherSheets.length } });
    } else {
      const { text, encoding } = decodeText(bytes);
      reading.encoding = encoding;
      if (looksBinary(text)) throw unreadable("kind_unknown");
      readTable(text, reading, collector);
    }
    collector.finish(reading);
  } catch (error) {
    refuse(reading, error);
  }
  return reading;
}

/** Reads pasted text: cells copied from a spreadsheet, or names one a line. Never throws. */
export function readPasted(text: string, mapping?: Mapping): Reading {
  const reading = blank();
  try {
    if (text.trim() === "") throw unreadable("empty");
    if (text.length > MAX_BYTES) throw unreadable("too_large");
    const separator = detectSeparator(text);
    const tabular = mapping !== undefined || ((separator === "\t" || separator === ";") && mostLinesHold(text, separator)) || startsWithHeader(text, separator);
    if (tabular && !(mapping && mapping.full === 0 && separator === null)) {
      const collector = new Collector(mapping);
      readTable(text, reading, collector);
      collector.finish(reading);
      return reading;
    }
    reading.source = "lines";
    reading.mapping = { full: 0, groups: [] };
    text.split(/\r\n|\r|\n/).forEach((line, i) => {
      // Bullets and numbers that lists carry: «12. », «- », «• ».
      const full = tidy(line).replace(/^(?:\d{1,3}\s?[.):-]\s*|\d{1,3}\s+|[-•*–—·]\s*)/u, "");
      if (full !== "") reading.rows.push({ line: i + 1, last: "", first: "", full, level: "", class: "", groups: "", kind: "", twin: 0 });
      if (reading.rows.length > MAX_PUPILS) throw unreadable("too_many_pupils", { args: { max: MAX_PUPILS } });
    });
    if (reading.rows.length === 0) throw unreadable("no_pupil");
  } catch (error) {
    refuse(reading, error);
  }
  return reading;
}

/** Whether a separator makes columns: one that strays into a line of names does not. */
function mostLinesHold(text: string, separator: Separator): boolean {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  return lines.filter((line) => line.includes(separator)).length * 2 > lines.length;
}

function startsWithHeader(text: string, separator: Separator | null): boolean {
  return separator !== null && text.split(/\r\n|\r|\n/, 5).some((line) => line.includes(separator) && isHeader(line.split(separator).map(tidy)));
}

function blank(): Reading {
  return {
    source: "csv",
    encoding: null,
    separator: null,
    origin: "other",
    columns: [],
    headerLine: 0,
    mapping: { groups: [] },
    glimpse: [],
    rows: [],
    findings: [],
  };
}

function refuse(reading: Reading, error: unknown): void {
  reading.rows = [];
  reading.findings.push(error instanceof Unreadable ? error.finding : { key: "damaged", severity: "error" });
}

function readTable(text: string, reading: Reading, collector: Collector): void {
  const separator = detectSeparator(text);
  reading.separator = separator;
  // A single column is a list too: any separator reads it.
  readCsv(text, separator ?? ";", collector.take);
}

/** Finds the headings among the first lines, then keeps of each line only what its mapping names. */
class Collector {
  private waiting: Row[] = [];
  private header: Row | null = null;
  private columns: Column[] = [];
  private mapping: Mapping = { groups: [] };
  private birth: number | undefined;
  /** By folded name, the dates of birth met; forgotten with this collector. */
  private readonly births = new Map<string, string[]>();
  private rows: RawPupil[] = [];
  private glimpse: string[] = [];
  private lines = 0;
  private tooMany = false;

  constructor(private readonly given?: Mapping) {}

  readonly take: OnRow = (row) => {
    if (++this.lines > MAX_LINES) {
      this.tooMany = true;
      return false;
    }
    const cells = row.cells.map(tidy);
    if (cells.every((c) => c === "")) return true;
    if (this.header) return this.keep({ line: row.line, cells });
    if (isHeader(cells)) {
      this.setHeader({ line: row.line, cells });
      return true;
    }
    this.waiting.push({ line: row.line, cells });
    return this.waiting.length < HEADER_WITHIN || this.withoutHeader();
  };

  finish(reading: Reading): void {
    if (!this.header && !this.withoutHeader()) throw unreadable("too_many_pupils", { args: { max: MAX_PUPILS } });
    if (this.tooMany) throw unreadable("too_many_pupils", { args: { max: MAX_PUPILS } });
    reading.columns = this.columns;
    reading.headerLine = this.header?.line ?? 0;
    reading.mapping = this.mapping;
    reading.origin = guessOrigin(this.columns);
    reading.glimpse = namesPupils(this.mapping) ? [] : this.glimpse;
    if (this.columns.length === 0) throw unreadable("empty");
    if (!namesPupils(this.mapping)) throw unreadable(reading.headerLine === 0 ? "no_header" : "no_name_column");
    if (this.rows.length === 0) throw unreadable("no_pupil");
    reading.rows = this.rows;
  }

  private setHeader(row: Row): void {
    this.header = row;
    this.columns = readColumns(row.cells);
    this.mapping = this.given ?? guessMapping(this.columns);
    this.birth = birthColumn(this.columns);
    this.waiting = [];
  }

  /** No line of headings among the first: columns go by their letters, and a person says what they are. */
  private withoutHeader(): boolean {
    const rows = this.waiting;
    this.waiting = [];
    this.header = { line: 0, cells: [] };
    const width = rows.reduce((most, r) => Math.max(most, r.cells.length), 0);
    this.columns = readColumns(Array.from({ length: width }, () => ""));
    this.mapping = this.given ?? { groups: [] };
    this.glimpse = rows[0]?.cells ?? [];
    return (this.mapping.skipFirst ? rows.slice(1) : rows).every((row) => this.keep(row));
  }

  private keep({ line, cells }: Row): boolean {
    const m = this.mapping;
    if (!namesPupils(m)) return true;
    if (this.rows.length >= MAX_PUPILS * 3) {
      this.tooMany = true;
      return false;
    }
    // A file may repeat its headings, once a page or once a class.
    if (this.header && this.header.line > 0 && cells.every((c, i) => c === this.header!.cells[i])) return true;
    const at = (i: number | undefined) => (i === undefined ? "" : (cells[i] ?? ""));
    const pupil: RawPupil = {
      line,
      last: at(m.usage) || at(m.last),
      first: at(m.first),
      full: at(m.full),
      level: at(m.level),
      class: at(m.class),
      groups: m.groups.map(at).filter(Boolean).join(" | "),
      kind: at(m.kind),
      twin: 0,
    };
    pupil.twin = this.twin(pupil, at(this.birth));
    if (pupil.last || pupil.first || pupil.full || pupil.class || pupil.level) this.rows.push(pupil);
    return true;
  }

  private twin({ last, first, full }: RawPupil, birth: string): number {
    if (birth === "") return 0;
    const name = fold(`${last} ${first} ${full}`);
    const dates = this.births.get(name) ?? [];
    this.births.set(name, dates);
    if (!dates.includes(birth)) dates.push(birth);
    return dates.indexOf(birth) + 1;
  }
}
