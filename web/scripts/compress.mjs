// Compresses what the build wrote, so that the server never has to: beside each
// file of text, its Brotli and gzip forms, where they are smaller.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = new URL("../dist", import.meta.url).pathname;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|svg|json|txt|wasm)$/.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = readFileSync(path);
  const forms = {
    ".br": brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    ".gz": gzipSync(bytes, { level: 9 }),
  };
  for (const [suffix, form] of Object.entries(forms)) if (form.length < bytes.length * 0.95) writeFileSync(path + suffix, form);
}
