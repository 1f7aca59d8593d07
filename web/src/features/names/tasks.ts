/** The heavy work of names, as plain values that can cross to a worker. */
import { type BulkOptions, type OpenJob, type OpenResult, makeRecords, openRecords } from "./bulk";
import type { Bytes } from "./bytes";
import { NamesError, type NamesReason } from "./error";
import { type ListLock, sealList } from "./listExport";
import { type PersonalKey, type StoredKey, openPersonalKey, sealPersonalKey } from "./personalKey";
import type { NameDraft, NameRecord, RecordWriter } from "./record";

export type Task =
  | { kind: "sealKey"; key: PersonalKey; phrase: string }
  | { kind: "openKey"; stored: StoredKey; phrase: string }
  | { kind: "make"; writer: RecordWriter; drafts: NameDraft[] }
  | { kind: "open"; job: OpenJob }
  | { kind: "sealList"; csv: string; lock: ListLock };

export interface Outcome {
  sealKey: StoredKey;
  openKey: PersonalKey;
  make: NameRecord[];
  open: OpenResult;
  sealList: Bytes;
}

export type OutcomeOf<T extends Task> = Outcome[T["kind"]];

/** What a worker posts back. */
export type Posted = { done: number; total: number } | { result: Outcome[Task["kind"]] } | { refused: NamesReason; subject: string | undefined };

export function perform(task: Task, options?: BulkOptions): Promise<Outcome[Task["kind"]]> {
  switch (task.kind) {
    case "sealKey":
      return sealPersonalKey(task.key, task.phrase);
    case "openKey":
      return openPersonalKey(task.stored, task.phrase);
    case "make":
      return makeRecords(task.writer, task.drafts, options);
    case "open":
      return openRecords(task.job, options);
    case "sealList":
      return sealList(task.csv, task.lock);
  }
}

/** A refusal as a plain value; anything unforeseen counts as damage. */
export function refusal(error: unknown): Posted {
  return error instanceof NamesError ? { refused: error.reason, subject: error.subject } : { refused: "damaged", subject: undefined };
}
