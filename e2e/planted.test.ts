import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { foundIn, foundUnder } from "./planted.ts";

const name = "Zéphirine-Quartz";

test("a planted name is seen in whatever shape it hides", () => {
  for (const [shape, bytes] of Object.entries({
    utf8: Buffer.from(`x${name}y`),
    latin1: Buffer.from(`x${name}y`, "latin1"),
    utf16: Buffer.from(`x${name}y`, "utf16le"),
    capitals: Buffer.from(`x${name.toUpperCase()}y`),
    "without accents": Buffer.from("x zephirine-quartz y"),
    url: Buffer.from(`?q=${encodeURIComponent(name)}`),
    json: Buffer.from('{"n":"Z\\u00e9phirine-Quartz"}'),
    hex: Buffer.from(Buffer.from(name).toString("hex")),
    "base64, aligned by 0": Buffer.from(Buffer.from(name).toString("base64")),
    "base64, aligned by 1": Buffer.from(Buffer.from(`{${name}}`).toString("base64")),
    "base64url, aligned by 2": Buffer.from(Buffer.from(`{"${name}"}`).toString("base64url")),
  })) {
    expect(foundIn(shape, bytes, [name]), shape).toHaveLength(1);
  }
  expect(foundIn("nothing", Buffer.from("Zéphirine et Quartz"), [name])).toEqual([]);
});

test("files and their names are looked through", () => {
  const folder = mkdtempSync(join(tmpdir(), "preau-planted-"));
  writeFileSync(join(folder, `${name}.csv`), "rien");
  writeFileSync(join(folder, "a.log"), `entry ${name}`);
  expect(foundUnder(folder, [name])).toHaveLength(2);
  rmSync(folder, { recursive: true });
});
