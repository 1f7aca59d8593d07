/** One key per person, for all their schools: it opens what is sealed to them and signs what they write. */
import { isRecipient, openWithPhrase, readIdentity, sealWithPhrase, makeIdentity } from "./age";
import { type Bytes, fromBase64Url, fromUtf8, randomBytes, toBase64Url, utf8 } from "./bytes";
import { NamesError } from "./error";
import { SEED_LENGTH, signPublic } from "./sign";

export interface PersonalKey {
  identity: string;
  recipient: string;
  signSeed: Bytes;
  /** base64url, as the server and the signed lines have it. */
  signPub: string;
}

/** What the server holds of a person's key. */
export interface StoredKey {
  recipient: string;
  signPub: string;
  sealed: string;
}

export async function makePersonalKey(): Promise<PersonalKey> {
  const signSeed = randomBytes(SEED_LENGTH);
  return { ...(await makeIdentity()), signSeed, signPub: toBase64Url(signPublic(signSeed)) };
}

export function personalKeyJson(key: PersonalKey): string {
  return JSON.stringify({ v: 1, identity: key.identity, sign: toBase64Url(key.signSeed) });
}

export async function personalKeyFromJson(text: string): Promise<PersonalKey> {
  let fields: { v?: unknown; identity?: unknown; sign?: unknown } | null;
  try {
    fields = JSON.parse(text) as typeof fields;
  } catch {
    throw new NamesError("damaged");
  }
  const signSeed = typeof fields?.sign === "string" ? fromBase64Url(fields.sign) : null;
  if (fields?.v !== 1 || typeof fields.identity !== "string" || signSeed?.length !== SEED_LENGTH) throw new NamesError("damaged");
  return { ...(await readIdentity(fields.identity)), signSeed, signPub: toBase64Url(signPublic(signSeed)) };
}

export async function sealPersonalKey(key: PersonalKey, phrase: string, workFactor?: number): Promise<StoredKey> {
  const sealed = await sealWithPhrase(phrase, utf8(personalKeyJson(key)), workFactor);
  return { recipient: key.recipient, signPub: key.signPub, sealed: toBase64Url(sealed) };
}

/** Opens a stored key and checks that its public parts are its own. */
export async function openPersonalKey(stored: StoredKey, phrase: string): Promise<PersonalKey> {
  const sealed = fromBase64Url(stored.sealed);
  if (!sealed || !isRecipient(stored.recipient)) throw new NamesError("damaged");
  const key = await personalKeyFromJson(fromUtf8(await openWithPhrase(phrase, sealed)));
  if (key.recipient !== stored.recipient || key.signPub !== stored.signPub) throw new NamesError("key_mismatch");
  return key;
}
