// What a browser fetches before a page can be used: scripts, styles, texts and the Latin font, gzipped.
// Usage: node scripts/weigh.mjs [dist] [page…]; a page is the source of its lazy module.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const [dist = resolve(import.meta.dirname, "../dist"), ...pages] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const wanted = pages.length > 0 ? pages : ["src/features/door/DoorPage.tsx"];
const texts = (domain) => `../internal/i18n/catalogue/fr/${domain}.json`;
const seen = new Set();
const files = new Set(["index.html"]);

function take(key) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`no chunk for ${key}`);
  if (seen.has(key)) return;
  seen.add(key);
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const next of chunk.imports ?? []) take(next);
}

take("index.html");
for (const page of wanted) take(page);
for (const domain of ["ui", "pupil"]) take(texts(domain));
for (const asset of manifest["index.html"].assets ?? []) if (/atkinson-core/.test(asset)) files.add(asset);

let total = 0;
for (const file of files) {
  const body = readFileSync(join(dist, file));
  const size = file.endsWith(".woff2") ? body.length : gzipSync(body, { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  in all, ${(total / 1000).toFixed(1)} kB`);
