/** A seat's name: a small ciphertext of its own, signed and numbered. */
import { Opener, sealTo } from "./age";
import { type Bytes, fromBase64Url, fromUtf8, hex, sha256, toBase64Url, utf8 } from "./bytes";
import { NamesError } from "./error";
import { SECRET_LENGTH } from "./seatSecret";
import { signLines, verifyLines } from "./sign";
import type { Trust } from "./trust";

export interface SeatName {
  last: string;
  first: string;
}

/** What a record holds. The secret is null when the seat was made again without its slip. */
export interface NameContent extends SeatName {
  secret: Bytes | null;
}

/** A record to write: version 1 at first, then one more each time. */
export interface NameDraft extends NameContent {
  seatId: string;
  version: number;
}

/** A record as it travels. ciphertext and signature in base64url. */
export interface NameRecord {
  seatId: string;
  version: number;
  keyId: string;
  ciphertext: string;
  signature: string;
}

export interface SignedRecord extends NameRecord {
  signerId: string;
}

/** Opened and believed. */
export interface OpenedName extends NameContent {
  seatId: string;
  version: number;
  keyId: string;
}

/** Where and by whom records are written. */
export interface RecordWriter {
  school: string;
  keyId: string;
  /** The names key's recipient. */
  recipient: string;
  /** The writer's sign seed. */
  seed: Uint8Array;
}

/** Bytes of the padded text; lengths are hidden in steps. The server takes 4 KiB once sealed. */
const MOST = 3072;
const LEAST = 256;
const STEP = 128;

/** What the writer of a record signs; `hash` is SHA-256 of the ciphertext. */
export function recordLines(school: string, seat: string, version: number, hash: Uint8Array): string[] {
  return ["preau/name-record/v1", school, seat, String(version), hex(hash)];
}

export function encodeContent(content: NameContent): Bytes {
  const secret = content.secret === null ? null : toBase64Url(content.secret);
  const text = utf8(JSON.stringify({ v: 1, last: content.last, first: content.first, secret }));
  const size = Math.max(LEAST, Math.ceil(text.length / STEP) * STEP);
  if (size > MOST) throw new NamesError("too_long");
  const padded = new Uint8Array(size).fill(0x20);
  padded.set(text);
  return padded;
}

export function decodeContent(plain: Uint8Array): NameContent {
  let fields: { v?: unknown; last?: unknown; first?: unknown; secret?: unknown } | null;
  try {
    fields = JSON.parse(fromUtf8(plain)) as typeof fields;
  } catch {
    throw new NamesError("damaged");
  }
  if (fields?.v !== 1 || typeof fields.last !== "string" || typeof fields.first !== "string") throw new NamesError("damaged");
  if (fields.secret === null) return { last: fields.last, first: fields.first, secret: null };
  const secret = typeof fields.secret === "string" ? fromBase64Url(fields.secret) : null;
  if (secret?.length !== SECRET_LENGTH) throw new NamesError("damaged");
  return { last: fields.last, first: fields.first, secret };
}

export async function makeRecord(writer: RecordWriter, draft: NameDraft): Promise<NameRecord> {
  const ciphertext = await sealTo([writer.recipient], encodeContent(draft));
  const signature = signLines(writer.seed, recordLines(writer.school, draft.seatId, draft.version, await sha256(ciphertext)));
  return {
    seatId: draft.seatId,
    version: draft.version,
    keyId: writer.keyId,
    ciphertext: toBase64Url(ciphertext),
    signature: toBase64Url(signature),
  };
}

/** Checks who signed, before anything is opened. Gives the ciphertext, or throws a NamesError naming the seat. */
export async function verifyRecord(record: SignedRecord, school: string, trust: Trust): Promise<Bytes> {
  const ciphertext = fromBase64Url(record.ciphertext);
  const signature = fromBase64Url(record.signature);
  if (!ciphertext || !signature || !Number.isSafeInteger(record.version) || record.version < 1) throw new NamesError("damaged", record.seatId);
  const signers = trust.get(record.signerId);
  if (!signers) throw new NamesError("signer", record.seatId);
  const lines = recordLines(school, record.seatId, record.version, await sha256(ciphertext));
  if (!signers.some((signer) => verifyLines(signer.publicKey, lines, signature))) throw new NamesError("signature", record.seatId);
  return ciphertext;
}

/**
 * Verifies, then opens. `seen` is the newest version known here of that seat:
 * a server that shows an older one is refused.
 */
export async function openRecord(record: SignedRecord, school: string, trust: Trust, opener: Opener, seen = 0): Promise<OpenedName> {
  const ciphertext = await verifyRecord(record, school, trust);
  if (record.version < seen) throw new NamesError("version", record.seatId);
  try {
    const content = decodeContent(await opener.open(ciphertext));
    return { ...content, seatId: record.seatId, version: record.version, keyId: record.keyId };
  } catch {
    throw new NamesError("damaged", record.seatId);
  }
}
