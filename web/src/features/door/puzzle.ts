import { sha256 } from "@noble/hashes/sha2.js";

const text = new TextEncoder();

/** Zero bits at the head of a hash. */
export function leadingZeros(hash: Uint8Array): number {
  let bits = 0;
  for (const byte of hash) {
    if (byte === 0) {
      bits += 8;
      continue;
    }
    return bits + Math.clz32(byte) - 24;
  }
  return bits;
}

/** The least number whose SHA-256(token.puzzle.number) begins with that many zero bits. */
export function solvePuzzle(token: string, puzzle: number, bits: number): number {
  const head = `${token}.${puzzle}.`;
  for (let n = 0; ; n++) if (leadingZeros(sha256(text.encode(head + n))) >= bits) return n;
}
