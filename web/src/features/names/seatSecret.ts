/**
 * The secret of a seat and what derives from it. WebCrypto only, so that the
 * door can use it without loading age.
 */
import { type Bytes, fromBase64Url, randomBytes, sha256, toBase64Url, utf8 } from "./bytes";
import { seatPart } from "./code";

export const SECRET_LENGTH = 16;

/** What a seat's secret gives: `auth` is sent, `bind` never leaves browsers, `code` is the typed part. */
export interface SeatKeys {
  auth: Bytes;
  bind: Bytes;
  code: string;
}

export function makeSeatSecret(): Bytes {
  return randomBytes(SECRET_LENGTH);
}

/** Reads a secret as it is written on a slip; null when it is not one. */
export function readSeatSecret(text: string): Bytes | null {
  const secret = fromBase64Url(text.trim());
  return secret?.length === SECRET_LENGTH ? secret : null;
}

/** The link on a slip. Browsers never send what follows the #. */
export function seatLink(origin: string, secret: Uint8Array): string {
  return `${origin}/p#${toBase64Url(secret)}`;
}

/** Reads the secret from `location.hash`, or from a whole link that a camera read. */
export function secretFromLink(link: string): Bytes | null {
  const at = link.indexOf("#");
  return at < 0 ? null : readSeatSecret(link.slice(at + 1));
}

export async function seatKeys(secret: Bytes): Promise<SeatKeys> {
  const [auth, bind, code] = await Promise.all([
    derive(secret, "preau/seat/auth/v1"),
    derive(secret, "preau/seat/bind/v1"),
    derive(secret, "preau/seat/code/v1"),
  ]);
  return { auth, bind, code: seatPart(code) };
}

/** What the server keeps of `auth`. */
export function authHash(auth: Bytes): Promise<Bytes> {
  return sha256(auth);
}

/** Draws a secret whose typed part is not taken yet, and takes it. */
export async function drawSeatSecret(taken: Set<string>): Promise<{ secret: Bytes; keys: SeatKeys }> {
  for (;;) {
    const secret = makeSeatSecret();
    const keys = await seatKeys(secret);
    if (taken.has(keys.code)) continue;
    taken.add(keys.code);
    return { secret, keys };
  }
}

/** HKDF-SHA256 (RFC 5869) with an empty salt, 32 bytes. */
async function derive(secret: Bytes, info: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(info) }, key, 256);
  return new Uint8Array(bits);
}
