/**
 * The key that a pupil's browser makes when it enters by its link, and the
 * first names that a teacher's browser seals to it.
 */
import { type AgeIdentity, Opener, isRecipient, makeIdentity, readIdentity, sealTo } from "./age";
import { type Bytes, equalBytes, fromBase64Url, fromUtf8, toBase64Url, utf8 } from "./bytes";
import { NamesError } from "./error";

export interface PupilKey extends AgeIdentity {
  /** base64url; shows staff that whoever holds the slip made this key. */
  mac: string;
}

const MOST_NAMES = 500;

/** Makes the browser's key for this entry. `bind` comes from the seat's secret and stays here. */
export async function makePupilKey(bind: Bytes): Promise<PupilKey> {
  const key = await makeIdentity();
  return { ...key, mac: toBase64Url(await recipientMac(bind, key.recipient)) };
}

export async function recipientMac(bind: Bytes, recipient: string): Promise<Bytes> {
  return hmac(bind, macText(recipient));
}

/** Whether the recipient was made by the browser that holds the seat's secret. */
export async function verifyRecipient(bind: Bytes, recipient: string, mac: string): Promise<boolean> {
  const given = fromBase64Url(mac);
  if (given?.length !== 32 || !isRecipient(recipient)) return false;
  return crypto.subtle.verify("HMAC", await macKey(bind, "verify"), given, macText(recipient));
}

/** What vouches for first names in both browsers; from `bind`, which it does not give. */
export async function vouchKey(bind: Bytes): Promise<Bytes> {
  return hmac(bind, utf8("preau/seat/first-names/key/v1"));
}

/**
 * Seals the first names of a group to one verified pupil. Keys are seat ids.
 * `vouch` shows the pupil's browser that somebody who can read its slip wrote them.
 */
export async function sealFirstNames(vouch: Bytes, recipient: string, group: string, names: Record<string, string>): Promise<Bytes> {
  const text = JSON.stringify({ group, names });
  const mac = await hmac(vouch, vouched(recipient, text));
  return sealTo([recipient], utf8(`${toBase64Url(mac)}\n${text}`));
}

export async function openFirstNames(vouch: Bytes, identity: string, group: string, sealed: Uint8Array): Promise<Map<string, string>> {
  const plain = fromUtf8(await new Opener(identity).open(sealed));
  const end = plain.indexOf("\n");
  const mac = fromBase64Url(plain.slice(0, Math.max(end, 0)));
  const text = plain.slice(end + 1);
  const { recipient } = await readIdentity(identity);
  if (!mac || !equalBytes(mac, await hmac(vouch, vouched(recipient, text)))) throw new NamesError("signature");
  let fields: { group?: unknown; names?: unknown } | null;
  try {
    fields = JSON.parse(text) as typeof fields;
  } catch {
    throw new NamesError("damaged");
  }
  if (fields?.group !== group || typeof fields.names !== "object" || fields.names === null) throw new NamesError("damaged");
  const names = new Map<string, string>();
  for (const [seat, first] of Object.entries(fields.names).slice(0, MOST_NAMES)) {
    if (typeof first === "string") names.set(seat, first);
  }
  return names;
}

function vouched(recipient: string, text: string): Bytes {
  return utf8(`preau/seat/first-names/v1\n${recipient}\n${text}`);
}

async function hmac(key: Bytes, text: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", await macKey(key, "sign"), text));
}

function macText(recipient: string): Bytes {
  return utf8(`preau/seat/recipient/v1\n${recipient}`);
}

function macKey(key: Bytes, use: "sign" | "verify"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, [use]);
}
