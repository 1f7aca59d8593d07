/** Ed25519 (RFC 8032), verified strictly: one signature for one message and key. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { type Bytes, bytes, utf8 } from "./bytes";

export const SEED_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

export function signPublic(seed: Uint8Array): Bytes {
  return bytes(ed25519.getPublicKey(seed));
}

/** Signs lines joined by single line feeds, none after the last. */
export function signLines(seed: Uint8Array, lines: readonly string[]): Bytes {
  return bytes(ed25519.sign(utf8(lines.join("\n")), seed));
}

export function verifyLines(publicKey: Uint8Array, lines: readonly string[], signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_LENGTH || publicKey.length !== 32) return false;
  try {
    return ed25519.verify(signature, utf8(lines.join("\n")), publicKey, { zip215: false });
  } catch {
    return false;
  }
}
