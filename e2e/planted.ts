import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The shapes in which a text could hide in a request, a database file, a log or a file name. */
export function disguises(text: string): Buffer[] {
  const utf8 = Buffer.from(text, "utf8");
  const shapes = new Set<string>();
  const bare = text.normalize("NFD").replace(/\p{M}/gu, "");
  for (const form of [text, text.normalize("NFD"), bare].flatMap((t) => [t, t.toLowerCase(), t.toUpperCase()])) {
    shapes.add(Buffer.from(form, "utf8").toString("latin1"));
    shapes.add(Buffer.from(form, "latin1").toString("latin1"));
    shapes.add(Buffer.from(form, "utf16le").toString("latin1"));
    shapes.add(encodeURIComponent(form));
    shapes.add(JSON.stringify(form).slice(1, -1).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`));
    shapes.add(Buffer.from(form, "utf8").toString("hex"));
  }
  // Base64 shifts with what comes before: only the middle of each alignment is stable.
  for (let shift = 0; shift < 3; shift++) {
    const encoded = Buffer.concat([Buffer.alloc(shift), utf8]).toString("base64").replace(/=+$/, "");
    const stable = encoded.slice(shift === 0 ? 0 : 4, Math.floor(((utf8.length + shift) * 8) / 6));
    if (stable.length >= 6) {
      shapes.add(stable);
      shapes.add(stable.replaceAll("+", "-").replaceAll("/", "_"));
    }
  }
  return [...shapes].map((s) => Buffer.from(s, "latin1"));
}

/** Where any of the texts stands in a blob of bytes, as a readable list. */
export function foundIn(where: string, bytes: Buffer, texts: string[]): string[] {
  return texts.filter((t) => disguises(t).some((d) => bytes.includes(d))).map((t) => `« ${t} » in ${where}`);
}

/** Looks through every file of a folder, and the names of the files. */
export function foundUnder(folder: string, texts: string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const inName = foundIn(`the name of ${path}`, Buffer.from(entry.name), texts);
    return entry.isFile() ? [...inName, ...foundIn(path, readFileSync(path), texts)] : inName;
  });
}
