/** Many records at once, giving the page its turn, saying how far it is, stoppable. */
import { Opener } from "./age";
import { NamesError, type NamesReason } from "./error";
import { type NameDraft, type NameRecord, type OpenedName, type RecordWriter, type SignedRecord, makeRecord, openRecord } from "./record";
import type { Trust } from "./trust";

export type OnProgress = (done: number, total: number) => void;

export interface BulkOptions {
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

export interface OpenJob {
  school: string;
  trust: Trust;
  /** The names key's identity, then those it replaced. */
  identities: string[];
  records: SignedRecord[];
  /** The newest version already seen of each seat. */
  seen: ReadonlyMap<string, number>;
}

export interface OpenResult {
  opened: OpenedName[];
  refused: { seatId: string; reason: NamesReason }[];
}

/** The longest that the page waits for its turn, in milliseconds. */
const TURN = 12;

export async function makeRecords(writer: RecordWriter, drafts: readonly NameDraft[], options?: BulkOptions): Promise<NameRecord[]> {
  const records: NameRecord[] = [];
  await inTurns(drafts, async (draft) => records.push(await makeRecord(writer, draft)), options);
  return records;
}

/** One refused record does not hide the others. */
export async function openRecords(job: OpenJob, options?: BulkOptions): Promise<OpenResult> {
  const opener = new Opener(...job.identities);
  const result: OpenResult = { opened: [], refused: [] };
  await inTurns(
    job.records,
    async (record) => {
      try {
        result.opened.push(await openRecord(record, job.school, job.trust, opener, job.seen.get(record.seatId) ?? 0));
      } catch (error) {
        result.refused.push({ seatId: record.seatId, reason: error instanceof NamesError ? error.reason : "damaged" });
      }
    },
    options,
  );
  return result;
}

async function inTurns<T>(items: readonly T[], each: (item: T) => Promise<unknown>, options: BulkOptions = {}): Promise<void> {
  options.onProgress?.(0, items.length);
  let turn = performance.now();
  for (const [i, item] of items.entries()) {
    if (options.signal?.aborted) throw new NamesError("stopped");
    await each(item);
    if (performance.now() - turn < TURN && i + 1 < items.length) continue;
    options.onProgress?.(i + 1, items.length);
    await new Promise((resume) => setTimeout(resume, 0));
    turn = performance.now();
  }
}
