/** Runs the heavy work of names in workers, so that the page stays alive; in the page where there are none. */
import type { BulkOptions, OnProgress, OpenJob, OpenResult } from "./bulk";
import { NamesError } from "./error";
import type { NameDraft, NameRecord, RecordWriter } from "./record";
import { type OutcomeOf, type Posted, type Task, perform } from "./tasks";

/** The most workers at once, and the fewest records worth one more. */
const MOST_WORKERS = 4;
const FEWEST = 64;

/** Runs one task. Aborting the signal ends the worker at once. */
export function run<T extends Task>(task: T, options: BulkOptions = {}): Promise<OutcomeOf<T>> {
  if (typeof Worker === "undefined") return perform(task, options) as Promise<OutcomeOf<T>>;
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./names.worker.ts", import.meta.url), { type: "module" });
    const stop = () => end(() => reject(new NamesError("stopped")));
    const end = (settle: () => void) => {
      worker.terminate();
      options.signal?.removeEventListener("abort", stop);
      settle();
    };
    options.signal?.addEventListener("abort", stop);
    if (options.signal?.aborted) return stop();
    worker.onerror = () => end(() => reject(new NamesError("damaged")));
    worker.onmessage = ({ data }: MessageEvent<Posted>) => {
      if ("done" in data) options.onProgress?.(data.done, data.total);
      else if ("result" in data) end(() => resolve(data.result as OutcomeOf<T>));
      else end(() => reject(new NamesError(data.refused, data.subject)));
    };
    worker.postMessage(task);
  });
}

export async function makeRecordsOffThread(writer: RecordWriter, drafts: readonly NameDraft[], options: BulkOptions = {}): Promise<NameRecord[]> {
  const parts = share(drafts);
  const progress = together(parts.map((part) => part.length), options.onProgress);
  const made = await Promise.all(
    parts.map((part, i) => run({ kind: "make", writer, drafts: part }, { ...options, onProgress: progress(i) })),
  );
  return made.flat();
}

export async function openRecordsOffThread(job: OpenJob, options: BulkOptions = {}): Promise<OpenResult> {
  const parts = share(job.records);
  const progress = together(parts.map((part) => part.length), options.onProgress);
  const results = await Promise.all(
    parts.map((records, i) => run({ kind: "open", job: { ...job, records } }, { ...options, onProgress: progress(i) })),
  );
  return { opened: results.flatMap((r) => r.opened), refused: results.flatMap((r) => r.refused) };
}

/** Cuts the items into as many runs as workers are worth it. */
export function share<T>(items: readonly T[], cores = globalThis.navigator?.hardwareConcurrency ?? 2): T[][] {
  const count = Math.max(1, Math.min(MOST_WORKERS, cores, Math.ceil(items.length / FEWEST)));
  const size = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

function together(totals: number[], onProgress?: OnProgress): (part: number) => OnProgress {
  const done = totals.map(() => 0);
  const total = totals.reduce((sum, n) => sum + n, 0);
  return (part) => (partDone) => {
    done[part] = partDone;
    onProgress?.(done.reduce((sum, n) => sum + n, 0), total);
  };
}
