/** One names key per school, wrapped to each person who may read names, and to the recovery sheet. */
import { type AgeIdentity, Opener, makeIdentity, readIdentity, sealTo } from "./age";
import { type Bytes, fromBase64Url, fromUtf8, toBase64Url, utf8 } from "./bytes";
import { NamesError } from "./error";

export interface NamesKey {
  school: string;
  identity: string;
  recipient: string;
  /** The sign key of whoever made the names key, base64url: the beginning of the chain of trust. */
  root: string;
  /** Identities of the keys that this one replaced, newest first, to read records not yet rewritten. */
  previous: string[];
}

/** How many replaced keys are carried along. */
const MOST_PREVIOUS = 16;

export async function makeNamesKey(school: string, root: string, replaced?: NamesKey): Promise<NamesKey> {
  const previous = replaced ? [replaced.identity, ...replaced.previous].slice(0, MOST_PREVIOUS) : [];
  return { ...(await makeIdentity()), school, root, previous };
}

/** Seals the names key to somebody's recipient. */
export function wrapNamesKey(key: NamesKey, recipient: string): Promise<Bytes> {
  const fields = { v: 1, identity: key.identity, school: key.school, root: key.root };
  return sealTo([recipient], utf8(JSON.stringify(key.previous.length > 0 ? { ...fields, previous: key.previous } : fields)));
}

/** Opens a wrapped names key with a person's or a recovery sheet's identity. */
export async function unwrapNamesKey(wrapped: Uint8Array, identity: string, school: string): Promise<NamesKey> {
  const plain = await new Opener(identity).open(wrapped);
  let fields: { v?: unknown; identity?: unknown; school?: unknown; root?: unknown; previous?: unknown } | null;
  try {
    fields = JSON.parse(fromUtf8(plain)) as typeof fields;
  } catch {
    throw new NamesError("damaged");
  }
  if (fields?.v !== 1 || typeof fields.identity !== "string" || typeof fields.root !== "string") throw new NamesError("damaged");
  if (fields.school !== school) throw new NamesError("school");
  if (fromBase64Url(fields.root)?.length !== 32) throw new NamesError("damaged");
  const previous = fields.previous ?? [];
  if (!Array.isArray(previous) || previous.length > MOST_PREVIOUS) throw new NamesError("damaged");
  const older: string[] = [];
  for (const one of previous) {
    if (typeof one !== "string") throw new NamesError("damaged");
    older.push((await readIdentity(one)).identity);
  }
  return { ...(await readIdentity(fields.identity)), school, root: fields.root, previous: older };
}

/** The recovery sheet: a fresh identity that is printed and never stored, and the key wrapped to it. */
export interface RecoverySheet extends AgeIdentity {
  wrapped: string;
}

export async function makeRecoverySheet(key: NamesKey): Promise<RecoverySheet> {
  const paper = await makeIdentity();
  return { ...paper, wrapped: toBase64Url(await wrapNamesKey(key, paper.recipient)) };
}
