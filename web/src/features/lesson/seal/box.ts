/**
 * The sealed keys of media, as docs/protocol.md says: who made one, for whom,
 * and under which index. Pure computations; nothing here speaks to the server.
 */
import { Opener, sealTo } from "@/features/names/age";
import { type Bytes, equalBytes, fromBase64Url, randomBytes, sha256, toBase64Url, utf8 } from "@/features/names/bytes";
import { signLines, verifyLines } from "@/features/names/sign";

export const KEY_LENGTH = 32;
/** Indexes go from 1 to 15 in turn: the engine's key ring has sixteen places and the first is not used. */
export const INDEXES = 15;

/** A key on its way to one participant. `mac` (seats) or `signature` (staff) says who sealed it. */
export interface KeyBox {
  index: number;
  box: string;
  mac: string | null;
  signature: string | null;
}

export function makeMediaKey(): Bytes {
  return randomBytes(KEY_LENGTH);
}

export function nextIndex(index: number): number {
  return (index % INDEXES) + 1;
}

function lines(lesson: string, index: number, box: string): string[] {
  return ["preau/lesson/key/v1", lesson, String(index), box];
}

function hmac(bind: Bytes, use: "sign" | "verify"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bind, { name: "HMAC", hash: "SHA-256" }, false, [use]);
}

/** For a seat that came by slip: only who holds its `bind` can make this mac. */
export async function boxForSeat(key: Bytes, lesson: string, index: number, recipient: string, bind: Bytes): Promise<KeyBox> {
  const box = toBase64Url(await sealTo([recipient], key));
  const mac = await crypto.subtle.sign("HMAC", await hmac(bind, "sign"), utf8(lines(lesson, index, box).join("\n")));
  return { index, box, mac: toBase64Url(new Uint8Array(mac)), signature: null };
}

/** For a colleague: signed by the sign key that the names circle vouches for. */
export async function boxForStaff(key: Bytes, lesson: string, index: number, recipient: string, seed: Bytes): Promise<KeyBox> {
  const box = toBase64Url(await sealTo([recipient], key));
  return { index, box, mac: null, signature: toBase64Url(signLines(seed, lines(lesson, index, box))) };
}

/** For who came by code or as a guest: nothing says who sealed it, and the room shows them as unverified. */
export async function boxForAnyone(key: Bytes, index: number, recipient: string): Promise<KeyBox> {
  return { index, box: toBase64Url(await sealTo([recipient], key)), mac: null, signature: null };
}

/** Why a key was refused. */
export type Refusal = "index" | "mac" | "signature" | "damaged" | "replayed";

/** What the receiver can check a box against. */
export type Check = { kind: "bind"; bind: Bytes } | { kind: "signer"; publicKey: Bytes } | { kind: "none" };

/** Opens a box made for this identity, having checked who made it; or says why not. */
export async function openBox(from: KeyBox, lesson: string, identity: string, check: Check): Promise<Bytes | Refusal> {
  if (!Number.isInteger(from.index) || from.index < 1 || from.index > INDEXES) return "index";
  const text = lines(lesson, from.index, from.box);
  if (check.kind === "bind") {
    const mac = fromBase64Url(from.mac ?? "");
    if (mac?.length !== 32 || !(await crypto.subtle.verify("HMAC", await hmac(check.bind, "verify"), mac, utf8(text.join("\n"))))) return "mac";
  }
  if (check.kind === "signer") {
    const signature = fromBase64Url(from.signature ?? "");
    if (!signature || !verifyLines(check.publicKey, text, signature)) return "signature";
  }
  const sealed = fromBase64Url(from.box);
  if (!sealed) return "damaged";
  try {
    const key = await new Opener(identity).open(sealed);
    return key.length === KEY_LENGTH ? key : "damaged";
  } catch {
    return "damaged";
  }
}

/** The security code that all can read aloud: six digits of twenty bits. */
export async function codeOf(nonce: Bytes, key: Bytes, recipients: readonly string[]): Promise<string> {
  const digest = await sha256(join(utf8("preau/code/show/v1\n"), nonce, key, utf8([...recipients].sort().join("\n"))));
  const bits = ((digest[0]! << 16) | (digest[1]! << 8) | digest[2]!) >>> 4;
  return String(bits % 1_000_000).padStart(6, "0");
}

export function commitment(nonce: Bytes): Promise<Bytes> {
  return sha256(join(utf8("preau/code/v1\n"), nonce));
}

export async function opens(commit: string, nonce: Bytes): Promise<boolean> {
  const given = fromBase64Url(commit);
  return given !== null && nonce.length === 32 && equalBytes(given, await commitment(nonce));
}

function join(...parts: Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
