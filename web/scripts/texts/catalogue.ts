/** The catalogue as files, and the keys that the server's sources name. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Every key of the French catalogue, as "domain.key". */
export function catalogueKeys(root: string): Set<string> {
  const folder = join(root, "../internal/i18n/catalogue/fr");
  const keys = new Set<string>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    for (const key of Object.keys(JSON.parse(readFileSync(join(folder, file), "utf8")) as object)) keys.add(`${basename(file, ".json")}.${key}`);
  }
  return keys;
}

function sources(folder: string, out: string[] = []): string[] {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sources(path, out);
    else if (/\.(go|html|tmpl)$/.test(entry.name) && !entry.name.endsWith("_test.go")) out.push(readFileSync(path, "utf8"));
  }
  return out;
}

/**
 * The keys that the server names. One made of two literals, such as
 * "http.title_" and "conflict", is named when both stand in the sources.
 */
export function keysOfServer(root: string, keys: ReadonlySet<string>): Set<string> {
  const words = new Set<string>();
  for (const folder of ["../internal", "../cmd"]) {
    for (const text of sources(join(root, folder))) for (const match of text.matchAll(/"([\w.]+)"/g)) words.add(match[1] as string);
  }
  return named(words, keys);
}

/** The keys among words, or made of two of them. */
export function named(words: ReadonlySet<string>, keys: ReadonlySet<string>): Set<string> {
  const starts = [...words].filter((word) => /^[a-z]+\.(\w+_)?$/.test(word));
  const used = new Set<string>();
  for (const key of keys) {
    if (words.has(key) || starts.some((start) => key.startsWith(start) && words.has(key.slice(start.length)))) used.add(key);
  }
  return used;
}
