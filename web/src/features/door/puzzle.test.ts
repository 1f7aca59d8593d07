import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { leadingZeros, solvePuzzle } from "./puzzle";

test("zero bits are counted from the first", () => {
  expect(leadingZeros(new Uint8Array([0x80]))).toBe(0);
  expect(leadingZeros(new Uint8Array([0x01, 0xff]))).toBe(7);
  expect(leadingZeros(new Uint8Array([0, 0x10]))).toBe(11);
});

test("an answer is what the server checks", () => {
  const n = solvePuzzle("1.2.3.mac", 4, 12);
  const hash = createHash("sha256").update(`1.2.3.mac.4.${n}`).digest();
  expect(hash.readUInt32BE(0) >>> 20).toBe(0);
});
