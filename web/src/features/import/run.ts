import { Problem } from "@/api";
import type { NameDraft, NameRecord } from "../names/record";
import type { Below } from "../pseudonyms/random";
import type { ImportApi, Imported } from "./api";
import { changes, type Present } from "./compare";
import { prepareSeats, redrawSecret, withRecords, type Preparation, type Prepared } from "./prepare";

/** What names give to an import: sealing, and remembering what the server took. */
export interface Sealer {
  keyId: string;
  seal(drafts: readonly NameDraft[], onProgress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<NameRecord[]>;
  learn(drafts: readonly NameDraft[]): void;
}

export type Phase = "secrets" | "seal" | "send" | "changes";

export interface RunOptions {
  onPhase(phase: Phase, done: number, total: number): void;
  signal: AbortSignal;
  below: Below;
}

export interface Job extends Preparation {
  schoolId: string;
  /** Pupils already there whose groups or level change. */
  present: readonly Present[];
  /** Seats to mark as having left. */
  leaving: readonly string[];
  /**
   * What was sealed, kept so that another try after a lost answer sends the
   * very same import, which the server knows again.
   */
  sealed?: { prepared: Prepared; records: NameRecord[] };
}

export interface Done {
  seats: number;
  changed: number;
  /** The school's id of every group of the plan, by ref. */
  groups: Map<string, string>;
  /** The groups that received pupils, in the list's order. */
  filled: { id: string; name: string }[];
}

/** A taken code is drawn again at most this many times: one in thousands ever is. */
const CODE_TRIES = 20;

/**
 * Does an import. Until the one request that carries all seats, nothing has
 * left the browser; that request makes all or nothing. The changes of seats
 * that existed follow one by one, and can be done again without harm.
 */
export async function runImport(job: Job, api: ImportApi, sealer: Sealer, options: RunOptions): Promise<Done> {
  const { signal, onPhase } = options;
  const ids = new Map(job.plan.groups.filter((g) => g.known).map((g) => [g.ref, g.ref]));
  let made: Imported | null = null;
  if (job.arrivals.length > 0) {
    job.sealed ??= await sealAll(job, sealer, options);
    const { prepared, records } = job.sealed;
    for (let tries = 0; made === null; tries++) {
      signal.throwIfAborted();
      onPhase("send", 0, 1);
      try {
        made = await api.send(job.schoolId, withRecords(prepared, sealer.keyId, records), signal);
      } catch (error) {
        const index = takenCode(error);
        if (index === null || tries >= CODE_TRIES) throw error;
        const draft = await redrawSecret(prepared, index);
        const [record] = await sealer.seal([draft], undefined, signal);
        const at = records.findIndex((r) => r.seatId === draft.seatId);
        if (record && at >= 0) records[at] = record;
      }
    }
    onPhase("send", 1, 1);
    sealer.learn(prepared.drafts);
    for (const group of made.groups) ids.set(group.ref, group.id);
  } else {
    for (const group of job.plan.groups.filter((g) => !g.known)) {
      signal.throwIfAborted();
      const row = await api.addGroup(job.schoolId, { yearId: job.yearId, name: group.name, kind: group.kind, ...(group.level ? { level: group.level } : {}) });
      ids.set(group.ref, row.id);
    }
  }

  const changing = job.present.filter(changes);
  const total = changing.length + job.leaving.length;
  let done = 0;
  const step = async (seat: string, change: Parameters<ImportApi["change"]>[2]) => {
    signal.throwIfAborted();
    await api.change(job.schoolId, seat, change);
    onPhase("changes", ++done, total);
  };
  for (const one of changing)
    await step(one.seat.id, {
      ...(one.groups === null ? {} : { groups: one.groups.map((ref) => ids.get(ref) ?? ref) }),
      ...(one.level === null ? {} : { level: one.level }),
      ...(one.back ? { left: false } : {}),
    });
  for (const seat of job.leaving) await step(seat, { left: true });
  const filled = job.plan.groups.map((g) => ({ id: ids.get(g.ref) ?? "", name: g.name })).filter((g) => g.id !== "");
  return { seats: made?.seats ?? 0, changed: total, groups: ids, filled };
}

async function sealAll(job: Job, sealer: Sealer, { onPhase, signal, below }: RunOptions): Promise<NonNullable<Job["sealed"]>> {
  const prepared = await prepareSeats(job, below, { signal, onProgress: (d, t) => onPhase("secrets", d, t) });
  const records = await sealer.seal(prepared.drafts, (d, t) => onPhase("seal", d, t), signal);
  return { prepared, records };
}

/** Which seat of the import has a typed code that is somebody's already; null for any other error. */
function takenCode(error: unknown): number | null {
  if (!(error instanceof Problem) || error.kind !== "conflict") return null;
  for (const field of Object.keys(error.fields)) {
    const found = /^seats\[(\d+)\]\.seatCode$/.exec(field);
    if (found) return Number(found[1]);
  }
  return null;
}
