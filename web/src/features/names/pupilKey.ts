/**
 * The key that a pupil's browser makes when it enters by its link, and the
 * first names that a teacher's browser seals to it.
 */
import { type AgeIdentity, Opener, isRecipient, makeIdentity, sealTo } from "./age";
import { type Bytes, fromBase64Url, fromUtf8, toBase64Url, utf8 } from "./bytes";
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
  const key = await macKey(bind, "sign");
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, macText(recipient)));
}

/** Whether the recipient was made by the browser that holds the seat's secret. */
export async function verifyRecipient(bind: Bytes, recipient: string, mac: string): Promise<boolean> {
  const given = fromBase64Url(mac);
  if (given?.length !== 32 || !isRecipient(recipient)) return false;
  return crypto.subtle.verify("HMAC", await macKey(bind, "verify"), given, macText(recipient));
}

/** Seals the first names of a group to one verified pupil. Keys are seat ids. */
export function sealFirstNames(recipient: string, group: string, names: Record<string, string>): Promise<Bytes> {
  return sealTo([recipient], utf8(JSON.stringify({ group, names })));
}

export async function openFirstNames(identity: string, group: string, sealed: Uint8Array): Promise<Map<string, string>> {
  const plain = await new Opener(identity).open(sealed);
  let fields: { group?: unknown; names?: unknown } | null;
  try {
    fields = JSON.parse(fromUtf8(plain)) as typeof fields;
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

function macText(recipient: string): Bytes {
  return utf8(`preau/seat/recipient/v1\n${recipient}`);
}

function macKey(bind: Bytes, use: "sign" | "verify"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bind, { name: "HMAC", hash: "SHA-256" }, false, [use]);
}
