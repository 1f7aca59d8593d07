// Writes the pictures that pseudonyms need, and no other, as static files:
// public/pictures/{name}.svg, from the Noto Emoji set (Apache-2.0).
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const set = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("@iconify-json/noto/icons.json"), "utf8"));
const nouns = JSON.parse(readFileSync(here("../src/features/pseudonyms/nouns.json"), "utf8"));
const folder = here("../public/pictures");

mkdirSync(folder, { recursive: true });
const wanted = new Set();
for (const { picture } of nouns) {
  const icon = set.icons[picture];
  if (!icon) throw new Error(`the picture set has no “${picture}”`);
  const width = icon.width ?? set.width ?? 16;
  const height = icon.height ?? set.height ?? 16;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${icon.left ?? 0} ${icon.top ?? 0} ${width} ${height}" width="${width}" height="${height}">${icon.body}</svg>\n`;
  if (/<script|href="(?!#)|\son[a-z]+=/i.test(svg)) throw new Error(`the picture “${picture}” holds more than a drawing`);
  writeFileSync(`${folder}/${picture}.svg`, svg);
  wanted.add(`${picture}.svg`);
}
for (const file of readdirSync(folder)) if (!wanted.has(file)) rmSync(`${folder}/${file}`);
console.log(`${wanted.size} pictures in public/pictures`);
