/** Bytes that own an ordinary buffer, as WebCrypto and fetch want them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const values = new Map([...alphabet].map((letter, value) => [letter, value]));

/** A copy that owns its buffer. */
export function bytes(from: ArrayLike<number>): Bytes {
  return new Uint8Array(from);
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

/** Decodes UTF-8, or throws on bytes that are not. */
export function fromUtf8(data: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
}

export function hex(data: Uint8Array): string {
  return Array.from(data, (b) => b.toString(16).padStart(2, "0")).join("");
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** base64url without padding (RFC 4648 §5). */
export function toBase64Url(data: Uint8Array): string {
  let text = "";
  for (let i = 0; i < data.length; i += 3) {
    const left = data.length - i;
    const word = (data[i]! << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0);
    for (let k = 0; k < Math.min(left, 3) + 1; k++) text += alphabet[(word >> (18 - 6 * k)) & 63];
  }
  return text;
}

/**
 * Decodes base64url without padding. Null for anything else, also for the
 * several spellings of one value (RFC 4648 §3.5): a text has one meaning and a
 * meaning one text.
 */
export function fromBase64Url(text: string): Bytes | null {
  if (text.length % 4 === 1) return null;
  const data = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    const value = values.get(letter);
    if (value === undefined) return null;
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      data[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return held === 0 ? data : null;
}

/** Compares in a time that depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}
