import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const otherLanguage = /\/intl\/(?:[\w-]+\/)*(?!fr-FR|en-US)[a-z]{2}-[A-Z]{2}\.m?js$/;

/** Leaves out react-aria's own words in the thirty languages that Préau does not speak. */
export function onlyOurLanguages(): Plugin {
  return {
    name: "preau:languages",
    enforce: "pre",
    load(id) {
      return otherLanguage.test(id) ? "export default {};" : null;
    },
  };
}

const worthIt = new Set([".js", ".css", ".html", ".svg", ".json", ".txt", ".wasm"]);
const smallest = 1024;

/** Writes each file's gzip and brotli beside it, so that the server compresses nothing itself. */
export function compressed(): Plugin {
  return {
    name: "preau:compressed",
    apply: "build",
    writeBundle({ dir }) {
      if (!dir) return;
      for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
        if (!worthIt.has(extname(name)) || name === "index.html" || name.startsWith(".vite")) continue;
        const path = join(dir, name);
        const body = readFileSync(path);
        if (body.length < smallest) continue;
        writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }));
      }
    },
  };
}
