import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { solvePuzzle } from "./puzzle";

const zeros = (text: string) => Math.clz32(createHash("sha256").update(text).digest().readUInt32BE(0));

test("an answer is the least that the server accepts", () => {
  // Heads of every length, so that the number falls in each place of a block.
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."0123456789abcdef.-_"), minLength: 1, maxLength: 150 }), fc.nat(7), (token, puzzle) => {
      const n = solvePuzzle(token, puzzle, 7);
      for (let i = 0; i < n; i++) if (zeros(`${token}.${puzzle}.${i}`) >= 7) return false;
      return zeros(`${token}.${puzzle}.${n}`) >= 7;
    }),
    { numRuns: 300 },
  );
});

test("an answer of many bits is checked by another implementation", () => {
  const n = solvePuzzle("8.1790000000000.0199f0aa-0000-7000-8000-000000000000.AAAAAAAAAAAAAAAAAAAAAA", 3, 14);
  expect(zeros(`8.1790000000000.0199f0aa-0000-7000-8000-000000000000.AAAAAAAAAAAAAAAAAAAAAA.3.${n}`)).toBeGreaterThanOrEqual(14);
});
