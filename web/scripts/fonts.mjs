// Writes src/app/atkinson-core.woff2: the letters of French and English, in the weights that the
// interface uses, so that the first page stays light. Every layout feature is kept.
// Atkinson Hyperlegible Next is under the SIL Open Font License 1.1, which lets it be subset.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import subsetFont from "subset-font";

const here = (path) => resolve(import.meta.dirname, "..", path);
const source = here("node_modules/@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2");
const target = here("src/app/atkinson-core.woff2");

const ascii = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCodePoint(0x20 + i)).join("");
const french = "ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŸŒàâäæçèéêëîïôöùûüÿœ";
const signs = "\u00a0\u202f«»‘’“”–—…·•°€";

writeFileSync(target, await subsetFont(readFileSync(source), ascii + french + signs, { targetFormat: "woff2", variationAxes: { wght: { min: 400, max: 700 } } }));
