/**
 * The typed code of a seat: a group part of four characters and a seat part of
 * five, shown as KRM4-7D2F9. Light enough for the door: imports nothing.
 */

/** No letter looks like a digit or like another letter. */
export const CODE_ALPHABET = "0123456789ACDEFGHJKMNPRTVWXY";
export const GROUP_PART = 4;
export const SEAT_PART = 5;

const lookAlikes: Record<string, string> = { O: "0", Q: "0", I: "1", L: "1", Z: "2", S: "5", B: "8", U: "V" };

export type ReadCode =
  | { ok: true; code: string; group: string; seat: string }
  | { ok: false; why: "empty" | "short" | "long" }
  | { ok: false; why: "character"; character: string };

/**
 * Folds case, accents, widths, spaces, dashes and look-alikes. What has no
 * place in a code stays, so that reading can say which character it was.
 */
export function foldCode(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}\s\p{Pd}\u2212_.·]/gu, "")
    .toUpperCase();
  return Array.from(plain, (letter) => lookAlikes[letter] ?? letter).join("");
}

export function readCode(text: string): ReadCode {
  const code = foldCode(text);
  if (code === "") return { ok: false, why: "empty" };
  for (const character of code) {
    if (!CODE_ALPHABET.includes(character)) return { ok: false, why: "character", character };
  }
  if (code.length < GROUP_PART + SEAT_PART) return { ok: false, why: "short" };
  if (code.length > GROUP_PART + SEAT_PART) return { ok: false, why: "long" };
  return { ok: true, code, group: code.slice(0, GROUP_PART), seat: code.slice(GROUP_PART) };
}

/** How a code is shown, also while it is being typed: KRM4-7D2F9. */
export function formatCode(group: string, seat = ""): string {
  const code = group + seat;
  return code.length > GROUP_PART ? `${code.slice(0, GROUP_PART)}-${code.slice(GROUP_PART)}` : code;
}

/** The seat's part: the first 8 bytes, big endian, modulo 28⁵, most significant digit first. */
export function seatPart(output: Uint8Array): string {
  const base = BigInt(CODE_ALPHABET.length);
  let number = 0n;
  for (const byte of output.subarray(0, 8)) number = (number << 8n) | BigInt(byte);
  let part = "";
  for (let i = 0; i < SEAT_PART; i++) {
    part = CODE_ALPHABET[Number(number % base)] + part;
    number /= base;
  }
  return part;
}

/** The code that a text means, folded and without its dash; null when it is none. */
export function parseCode(text: string): string | null {
  const read = readCode(text);
  return read.ok ? read.code : null;
}
