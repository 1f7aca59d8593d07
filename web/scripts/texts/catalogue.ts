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
 * The keys that the server names. One made of literals, such as "http.title_"
 * and "conflict", is named when all stand in the sources; a page adds its
 * domain by itself, and may end a key with a number or with two words.
 */
export function keysOfServer(root: string, keys: ReadonlySet<string>): Set<string> {
  const words = new Set<string>();
  for (const folder of ["../internal", "../cmd"]) {
    for (const text of sources(join(root, folder))) for (const match of text.matchAll(/"([\w.]+(?:,[\w.]+)*)"/g)) for (const word of (match[1] as string).split(",")) words.add(word);
  }
  return named(words, keys);
}

/** The keys among words, or made of several of them. */
export function named(words: ReadonlySet<string>, keys: ReadonlySet<string>): Set<string> {
  const prefixes = [...words].filter((word) => /^[a-z]\w*_$/.test(word));
  const twoWords = (text: string) => [...text.matchAll(/_/g)].some(({ index }) => words.has(text.slice(0, index)) && words.has(text.slice(index + 1)));
  const ends = (text: string) => /^\d+$/.test(text) || words.has(text) || twoWords(text);
  const onPage = (key: string) => {
    const domain = key.slice(0, key.indexOf(".") + 1);
    const rest = key.slice(domain.length);
    return words.has(domain) && prefixes.some((p) => rest.startsWith(p) && ends(rest.slice(p.length)));
  };
  const starts = [...words].filter((word) => /^[a-z]+\.(\w+_)?$/.test(word));
  const used = new Set<string>();
  for (const key of keys) {
    if (words.has(key) || starts.some((start) => key.startsWith(start) && words.has(key.slice(start.length))) || onPage(key)) used.add(key);
  }
  return used;
}
