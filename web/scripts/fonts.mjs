// Writes src/app/atkinson-core.woff2: the letters of western Europe, in the weights that the
// interface uses, so that the first page stays light. Every layout feature is kept.
// Atkinson Hyperlegible Next is under the SIL Open Font License 1.1, which lets it be subset.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import subsetFont from "subset-font";

const here = (path) => resolve(import.meta.dirname, "..", path);
const source = here("node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2");
const target = here("src/app/atkinson-core.woff2");

const ascii = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCodePoint(0x20 + i)).join("");
// Every letter of Latin-1, which the names of pupils are written with, and the three of French beyond it.
const letters = `${Array.from({ length: 0x40 }, (_, i) => String.fromCodePoint(0xc0 + i)).join("")}ŸŒœ`;
const signs = "\u00a0\u202f«»‘’“”–—…·•°€";

writeFileSync(target, await subsetFont(readFileSync(source), ascii + letters + signs, { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 700 } } }));
