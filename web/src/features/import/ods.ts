import { Unzip, UnzipInflate, UnzipPassThrough } from "fflate";
import { SaxesParser } from "saxes";
import { MAX_COLUMNS, MAX_LINES, MAX_UNFOLDED } from "./limits";
import { Unreadable, unreadable, type OnRow } from "./table";

const SHEET_TYPE = "application/vnd.oasis.opendocument.spreadsheet";

/** Fed to the archive at a time, so that a bomb is noticed long before it is unfolded. */
const CHUNK = 16 * 1024;

/**
 * Reads the first sheet of an OpenDocument spreadsheet (ODF 1.3 part 3, §9)
 * that holds anything, cell by cell as displayed. Gives the names of the other
 * sheets. The text is never whole in memory. Throws Unreadable.
 */
export function readOds(bytes: Uint8Array, onRow: OnRow): { otherSheets: string[] } {
  const sheets = new SheetReader(onRow);
  const names: string[] = [];
  let type = "";
  let found = false;
  let finished = false;
  let locked = false;
  let unfolded = 0;

  const archive = new Unzip((file) => {
    names.push(file.name);
    if (file.name === "encrypted-package") locked = true;
    if (file.name !== "mimetype" && file.name !== "content.xml") return;
    const decoder = new TextDecoder("utf-8", { fatal: false });
    if (file.name === "content.xml") {
      if (found) return;
      found = true;
    }
    file.ondata = (error, data, last) => {
      // fflate hands back here what was thrown from this very function.
      if (error) throw error instanceof Unreadable ? error : unreadable("damaged");
      unfolded += data.length;
      if (unfolded > MAX_UNFOLDED) throw unreadable("bomb");
      const text = decoder.decode(data, { stream: !last });
      if (file.name === "mimetype") {
        if (type.length < 200) type += text;
        return;
      }
      if (type !== "" && !type.trim().startsWith(SHEET_TYPE)) throw unreadable("kind_document");
      if (!sheets.done) sheets.write(text);
      if (last) finished = true;
    };
    file.start();
  });
  archive.register(UnzipInflate);
  archive.register(UnzipPassThrough);

  try {
    for (let at = 0; at < bytes.length && !sheets.done && !finished; at += CHUNK) {
      // A copy: the archive keeps what it was given between two chunks.
      archive.push(bytes.slice(at, at + CHUNK), at + CHUNK >= bytes.length);
    }
    if (!found) throw unreadable(wrongArchive(names, locked));
    if (!sheets.done) {
      if (!finished) throw unreadable("damaged");
      sheets.close();
    }
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw unreadable(found || names.length === 0 ? "damaged" : wrongArchive(names, locked));
  }
  return { otherSheets: sheets.otherSheets };
}

function wrongArchive(names: readonly string[], locked: boolean) {
  if (locked) return "protected";
  if (names.some((n) => n.startsWith("xl/"))) return "kind_xlsx";
  if (names.some((n) => n.startsWith("word/") || n.startsWith("ppt/"))) return "kind_document";
  return "kind_zip";
}

interface Cell {
  text: string;
  repeated: number;
}

/** Turns the elements of content.xml into rows of the first sheet with content. */
class SheetReader {
  done = false;
  readonly otherSheets: string[] = [];

  private readonly parser = new SaxesParser();
  private depth = 0;
  private sheet = "";
  private reading = false;
  private given = false;
  private line = 0;
  private rowRepeated = 1;
  private cells: Cell[] | null = null;
  private cell: Cell | null = null;
  private paragraphs = 0;
  private inText = 0;
  private skipped = 0;

  constructor(private readonly onRow: OnRow) {
    this.parser.on("error", () => {
      throw unreadable("damaged");
    });
    // A document type declaration has no place in ODF, and entities of its own neither.
    this.parser.on("doctype", () => {
      throw unreadable("damaged");
    });
    this.parser.on("opentag", (tag) => this.open(tag.name, tag.attributes as Record<string, string>));
    this.parser.on("closetag", (tag) => this.close_(tag.name));
    this.parser.on("text", (text) => {
      if (this.inText > 0 && this.skipped === 0 && this.cell && this.cell.text.length < 10_000) this.cell.text += text;
    });
  }

  write(text: string): void {
    this.parser.write(text);
  }

  close(): void {
    this.parser.close();
  }

  private open(name: string, attributes: Record<string, string>): void {
    if (++this.depth > 200) throw unreadable("damaged");
    switch (name) {
      case "table:table":
        this.sheet = attributes["table:name"] ?? "";
        if (this.given) this.otherSheets.push(this.sheet.slice(0, 60));
        this.reading = !this.given;
        this.line = 0;
        break;
      case "table:table-row":
        if (!this.reading) break;
        this.cells = [];
        this.rowRepeated = count(attributes["table:number-rows-repeated"]);
        break;
      case "table:table-cell":
      case "table:covered-table-cell":
        if (!this.cells) break;
        this.cell = { text: "", repeated: count(attributes["table:number-columns-repeated"]) };
        this.paragraphs = 0;
        break;
      // Comments on a cell are not its content.
      case "office:annotation":
        this.skipped++;
        break;
      case "text:p":
        if (this.cell && this.skipped === 0 && this.paragraphs++ > 0) this.cell.text += " ";
        this.inText++;
        break;
      case "text:s":
        if (this.cell && this.skipped === 0) this.cell.text += " ".repeat(Math.min(count(attributes["text:c"]), 100));
        break;
      case "text:tab":
      case "text:line-break":
        if (this.cell && this.skipped === 0) this.cell.text += " ";
        break;
    }
  }

  private close_(name: string): void {
    this.depth--;
    switch (name) {
      case "office:annotation":
        this.skipped--;
        break;
      case "text:p":
        this.inText--;
        break;
      case "table:table-cell":
      case "table:covered-table-cell":
        if (this.cells && this.cell) this.cells.push(this.cell);
        this.cell = null;
        break;
      case "table:table-row":
        if (this.cells) this.endRow(this.cells);
        this.cells = null;
        break;
      case "table:table":
        this.reading = false;
        break;
    }
  }

  private endRow(cells: Cell[]): void {
    const first = this.line + 1;
    this.line += this.rowRepeated;
    while (cells.length > 0 && cells[cells.length - 1]!.text.trim() === "") cells.pop();
    if (cells.length === 0) return;
    this.given = true;
    const flat: string[] = [];
    for (const cell of cells) for (let i = 0; i < cell.repeated && flat.length < MAX_COLUMNS; i++) flat.push(cell.text);
    for (let i = 0; i < this.rowRepeated && i < MAX_LINES && !this.done; i++) {
      if (!this.onRow({ line: first + i, cells: flat.slice() })) this.done = true;
    }
  }
}

/** A repetition, which hostile files make huge. */
function count(value: string | undefined): number {
  const n = value === undefined ? 1 : Number(value);
  return Number.isInteger(n) && n >= 1 ? Math.min(n, 1_048_576) : 1;
}
