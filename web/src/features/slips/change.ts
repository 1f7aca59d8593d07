import { Problem } from "@/api";
import { importApi, type ImportApi } from "../import/api";
import { toBase64Url, type Bytes } from "../names/bytes";
import type { NameDraft, NameRecord, SeatName } from "../names/record";
import { authHash, drawSeatSecret, seatKeys } from "../names/seatSecret";

/** What names give here: the present content of records, and sealing. */
export interface SlipNames {
  name(seatId: string): SeatName | null;
  secret(seatId: string): Bytes | null;
  version(seatId: string): number;
  seal(drafts: readonly NameDraft[]): Promise<NameRecord[]>;
  learn(drafts: readonly NameDraft[]): void;
}

/** This seat's name cannot be read here, so its record cannot be written again. */
export class NameNeeded extends Error {
  constructor() {
    super("the name of this seat cannot be read here");
    this.name = "NameNeeded";
  }
}

/** Draws again when the typed code is somebody's already: one in thousands is. */
const TRIES = 5;

/** Gives a seat another secret, for a slip that was lost or stolen. The old one is refused from then on. */
export async function replaceSlip(schoolId: string, seatId: string, names: SlipNames, api: ImportApi = importApi): Promise<void> {
  const name = names.name(seatId);
  if (!name) throw new NameNeeded();
  for (let tries = 1; ; tries++) {
    const { secret, keys } = await drawSeatSecret(new Set());
    const draft: NameDraft = { seatId, version: names.version(seatId) + 1, last: name.last, first: name.first, secret };
    const [record] = await names.seal([draft]);
    if (!record) throw new NameNeeded();
    try {
      await api.replaceSecret(schoolId, seatId, {
        authHash: toBase64Url(await authHash(keys.auth)),
        seatCode: keys.code,
        keyId: record.keyId,
        record: { version: record.version, ciphertext: record.ciphertext, signature: record.signature },
      });
    } catch (error) {
      if (tries < TRIES && error instanceof Problem && error.kind === "conflict" && "seatCode" in error.fields) continue;
      throw error;
    }
    names.learn([draft]);
    return;
  }
}

/**
 * Gives a seat the secret of a spare slip, whose paper the adult has in hand. It
 * is nobody's before; a spare that is a seat's already is refused by the server.
 */
export async function attachSpare(schoolId: string, seatId: string, secret: Bytes, names: SlipNames, api: ImportApi = importApi): Promise<void> {
  const name = names.name(seatId);
  if (!name) throw new NameNeeded();
  const keys = await seatKeys(secret);
  const draft: NameDraft = { seatId, version: names.version(seatId) + 1, last: name.last, first: name.first, secret };
  const [record] = await names.seal([draft]);
  if (!record) throw new NameNeeded();
  await api.replaceSecret(schoolId, seatId, {
    authHash: toBase64Url(await authHash(keys.auth)),
    seatCode: keys.code,
    keyId: record.keyId,
    record: { version: record.version, ciphertext: record.ciphertext, signature: record.signature },
    spare: true,
  });
  names.learn([draft]);
}

/** Exchanges the secrets of two seats whose slips were given to each other's pupil. */
export async function swapSlips(schoolId: string, a: string, b: string, names: SlipNames, api: ImportApi = importApi): Promise<void> {
  const [nameA, nameB, secretA, secretB] = [names.name(a), names.name(b), names.secret(a), names.secret(b)];
  if (!nameA || !nameB || !secretA || !secretB) throw new NameNeeded();
  const drafts: NameDraft[] = [
    { seatId: a, version: names.version(a) + 1, last: nameA.last, first: nameA.first, secret: secretB },
    { seatId: b, version: names.version(b) + 1, last: nameB.last, first: nameB.first, secret: secretA },
  ];
  const records = await names.seal(drafts);
  await api.swap(schoolId, { a, b, records });
  names.learn(drafts);
}
