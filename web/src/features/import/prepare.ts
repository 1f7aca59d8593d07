import { toBase64Url } from "../names/bytes";
import type { NameDraft, NameRecord } from "../names/record";
import { authHash, drawSeatSecret } from "../names/seatSecret";
import type { Pseudonym } from "../pseudonyms/draw";
import type { Below } from "../pseudonyms/random";
import type { ImportBody, ImportSeat } from "./api";
import { refsOf, type GroupPlan } from "./groupPlan";
import type { Pupil } from "./pupils";

export interface Arrival {
  pupil: Pupil;
  pseudonym: Pseudonym;
}

export interface Preparation {
  importId: string;
  yearId: string;
  plan: GroupPlan;
  arrivals: readonly Arrival[];
  firstNumber: number;
}

export interface Bulk {
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/** What an import will send, name records aside, and what those records will hold. */
export interface Prepared {
  body: Omit<ImportBody, "keyId">;
  drafts: NameDraft[];
  /** Typed codes used so far, so that another try draws others. */
  codes: Set<string>;
}

/**
 * Makes seats: ids, secrets, numbers. The order is drawn at random, because a
 * list sorted by name would tell the server each pupil's rank in the alphabet.
 */
export async function prepareSeats(work: Preparation, below: Below, bulk: Bulk = {}): Promise<Prepared> {
  const order = shuffle(work.arrivals, below);
  const codes = new Set<string>();
  const seats: ImportSeat[] = [];
  const drafts: NameDraft[] = [];
  for (const [i, { pupil, pseudonym }] of order.entries()) {
    bulk.signal?.throwIfAborted();
    const id = crypto.randomUUID();
    const { secret, keys } = await drawSeatSecret(codes);
    seats.push({
      id,
      number: work.firstNumber + i,
      pseudonym: pseudonym.text,
      picture: pseudonym.picture,
      ...(pupil.level === null ? {} : { level: pupil.level }),
      groups: refsOf(pupil, work.plan),
      authHash: toBase64Url(await authHash(keys.auth)),
      seatCode: keys.code,
    });
    drafts.push({ seatId: id, version: 1, last: pupil.last, first: pupil.first, secret });
    if (i % 50 === 49) {
      bulk.onProgress?.(i + 1, order.length);
      await new Promise((resume) => setTimeout(resume, 0));
    }
  }
  bulk.onProgress?.(order.length, order.length);
  const groups = work.plan.groups
    .filter((g) => !g.known)
    .map((g) => ({ ref: g.ref, name: g.name, kind: g.kind, ...(g.level ? { level: g.level } : {}) }));
  return { body: { id: work.importId, yearId: work.yearId, groups, seats }, drafts, codes };
}

/** Joins the sealed records to their seats. */
export function withRecords(prepared: Prepared, keyId: string, records: readonly NameRecord[]): ImportBody {
  const bySeat = new Map(records.map((r) => [r.seatId, r]));
  const seats = prepared.body.seats.map((seat) => {
    const record = bySeat.get(seat.id);
    if (!record) throw new Error("a seat has no record");
    return { ...seat, record: { version: record.version, ciphertext: record.ciphertext, signature: record.signature } };
  });
  return { ...prepared.body, keyId, seats };
}

/** Gives one seat another secret, because its typed code is somebody's already. */
export async function redrawSecret(prepared: Prepared, index: number): Promise<NameDraft> {
  const seat = prepared.body.seats[index];
  const draft = prepared.drafts[index];
  if (!seat || !draft) throw new Error("no such seat in this import");
  const { secret, keys } = await drawSeatSecret(prepared.codes);
  seat.authHash = toBase64Url(await authHash(keys.auth));
  seat.seatCode = keys.code;
  draft.secret = secret;
  return draft;
}

function shuffle<T>(items: readonly T[], below: Below): T[] {
  const out = items.slice();
  for (let i = out.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
