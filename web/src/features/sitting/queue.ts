import { problemOf } from "@/api/problem";
import { forgetPage, keys, read, readLarge, remove, removeLarge, type SittingOnDevice, write, writeLarge } from "@/storage";
import type { Acknowledged, StageView, State } from "./api";
import type { Values } from "./render/tree";
import { pendingIn } from "./turns";

/** How long after a key is pressed an answer is sent, in ms: a word is one answer. */
const SETTLE = 600;
const FIRST_RETRY = 1_000;
const LAST_RETRY = 15_000;

/** The address of a sitting, without which one it is. */
export const SITTING_PATH = "/eleve/evaluation";

type Send = (token: string, answers: SittingOnDevice["unsent"]) => Promise<Acknowledged>;
type Kept = { read: () => Promise<SittingOnDevice | null>; write: (value: SittingOnDevice | null) => Promise<void> };

/** The browser's own store; a browser that refuses it keeps nothing beyond the page. */
export const onDevice: Kept = {
  read: () => readLarge(keys.sitting).catch(() => null),
  write: async (value) => {
    if (value) write(keys.sittingHere, true);
    else {
      remove(keys.sittingHere);
      await forgetPage(SITTING_PATH);
    }
    await (value ? writeLarge(keys.sitting, value) : removeLarge(keys.sitting)).catch(() => undefined);
  },
};

/** Forgets a sitting whose answers are all handed in. */
async function tidy(store: Kept): Promise<void> {
  const kept = await store.read();
  if (kept && kept.unsent.length === 0 && pendingIn(kept.turns) === 0) await store.write(null);
}

/** Forgets, when a pupil leaves a shared device, a sitting that this tab kept. */
export async function leaveNothing(): Promise<void> {
  if (read(keys.sittingHere)) await tidy(onDevice);
}

/** What a page shows of the queue. */
export interface QueueView {
  answers: Record<string, Values>;
  marked: readonly string[];
  /** How many answers the server has not acknowledged. */
  waiting: number;
  /** Since when sending has failed, or null. */
  failingSince: number | null;
  /** The last refusal that sending again does not mend. */
  refusal: unknown;
  last: Acknowledged | null;
}

/**
 * The answers of one sitting on this device. Each is kept in the browser before
 * it is sent, and until the server has acknowledged it; it is sent again until
 * then. An answer keeps its number, so that one that comes twice is one.
 */
export class AnswerQueue {
  #kept: SittingOnDevice;
  #view: QueueView;
  #heard = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  #delay = FIRST_RETRY;
  #closed = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    kept: SittingOnDevice,
    private readonly send: Send,
    private readonly store: Kept = onDevice,
  ) {
    this.#kept = kept;
    this.#view = { answers: kept.answers, marked: kept.marked, waiting: kept.unsent.length, failingSince: null, refusal: null, last: null };
    if (kept.unsent.length > 0) this.#schedule(0);
  }

  get token(): string {
    return this.#kept.token;
  }

  /** Where the sitting stood when this device last heard of it. */
  get seen(): SittingOnDevice["seen"] {
    return this.#kept.seen;
  }

  /** Keeps where the sitting stands, for a page that opens without network. */
  see(state: State, at: number, stage: StageView): void {
    this.#keep({ ...this.#kept, seen: { state, at, stage } });
  }

  /** Keeps the questions of several turns; resolves once they are in the browser's store. */
  keepTurns(turns: SittingOnDevice["turns"]): Promise<void> {
    this.#keep({ ...this.#kept, turns });
    return this.#writing;
  }

  subscribe = (heard: () => void): (() => void) => {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  };
  view = (): QueueView => this.#view;

  /** Takes what a question holds now. */
  put(item: string, values: Values): void {
    const n = this.#kept.n + 1;
    const data = whole(values);
    // An answer that has not left yet gives way to the one that replaces it.
    const unsent = [...this.#kept.unsent.filter((a) => a.item !== item || this.#leaving.has(a.n)), { n, item, data }];
    this.#keep({ ...this.#kept, n, unsent, answers: { ...this.#kept.answers, [item]: values } });
    this.#schedule(SETTLE);
  }

  mark(item: string, on: boolean): void {
    const marked = this.#kept.marked.filter((m) => m !== item);
    this.#keep({ ...this.#kept, marked: on ? [...marked, item] : marked });
  }

  /** Adds what the server has of questions that this device does not know. */
  learn(answers: Record<string, Values>): void {
    this.#keep({ ...this.#kept, answers: { ...answers, ...this.#kept.answers } });
  }

  /** Sends at once what waits. */
  flush(): void {
    this.#delay = FIRST_RETRY;
    this.#schedule(0);
  }

  /** Resolves once nothing waits. */
  async settled(): Promise<void> {
    this.flush();
    while (this.#view.waiting > 0 && this.#view.refusal === null && !this.#closed) await new Promise<void>((go) => this.#once(go));
  }

  /** Stops sending. What is kept in the browser stays, for whoever comes back to the page. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#writing;
  }

  /** Stops for good, once the sequence is handed in. */
  async end(): Promise<void> {
    await this.close();
    await tidy(this.store);
  }

  #leaving = new Set<number>();

  #once(go: () => void): void {
    const stop = this.subscribe(() => {
      stop();
      go();
    });
  }

  #schedule(delay: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#sendAll(), delay);
  }

  async #sendAll(): Promise<void> {
    if (this.#sending || this.#closed || this.#kept.unsent.length === 0) return;
    this.#sending = true;
    const batch = this.#kept.unsent.slice(0, 100);
    this.#leaving = new Set(batch.map((a) => a.n));
    try {
      await this.#writing; // kept here before it leaves
      const answer = await this.send(this.#kept.token, batch);
      const acked = new Set(answer.acked);
      this.#leaving.clear();
      this.#delay = FIRST_RETRY;
      this.#keep({ ...this.#kept, unsent: this.#kept.unsent.filter((a) => !acked.has(a.n)) }, { failingSince: null, refusal: null, last: answer });
      if (this.#kept.unsent.length > 0) this.#schedule(0);
    } catch (error) {
      this.#leaving.clear();
      const problem = problemOf(error);
      const passing = problem.passing || problem.kind === "limited" || problem.kind === "internal";
      this.#show({ failingSince: this.#view.failingSince ?? Date.now(), refusal: passing ? null : error });
      if (passing) {
        this.#schedule(this.#delay);
        this.#delay = Math.min(LAST_RETRY, this.#delay * 2);
      }
    } finally {
      this.#sending = false;
    }
  }

  #keep(next: SittingOnDevice, more: Partial<QueueView> = {}): void {
    this.#kept = next;
    this.#writing = this.#writing.then(() => this.store.write(next));
    this.#show({ answers: next.answers, marked: next.marked, waiting: next.unsent.length, ...more });
  }

  #show(more: Partial<QueueView>): void {
    this.#view = { ...this.#view, ...more };
    for (const heard of this.#heard) heard();
  }
}

/** What is sent: couples that are half made are no answer yet. */
function whole(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.filter((one) => !one.split(" ").includes("-")) : value]));
}
