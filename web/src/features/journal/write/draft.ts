import { type Problem, problemOf } from "@/api/problem";
import { type DraftsOnDevice, keys, readLarge, removeLarge, writeLarge } from "@/storage";
import type { Content } from "../api";

/** How long after the last key a text is sent, how long typing may go on before it is all the same, and how soon it is kept in the browser. In ms. */
const SETTLE = 1_200;
const LONGEST = 8_000;
const KEEP = 250;
const FIRST_RETRY = 1_000;
const LAST_RETRY = 20_000;
/** Texts kept in one browser. */
const MOST = 30;

/** What the browser keeps of a piece. */
export type Kept = DraftsOnDevice[string];

/** Where texts that the server does not have yet are kept. */
export interface Shelf {
  read(piece: string): Promise<Kept | null>;
  write(piece: string, kept: Kept | null): Promise<void>;
}

/** The browser's own store; one that refuses keeps nothing beyond the page. */
export const onDevice: Shelf = {
  read: async (piece) => (await readLarge(keys.drafts).catch(() => null))?.[piece] ?? null,
  write: async (piece, kept) => {
    try {
      const all = { ...(await readLarge(keys.drafts)) };
      if (kept) all[piece] = kept;
      else delete all[piece];
      const latest = Object.entries(all).sort(([, a], [, b]) => b.at - a.at).slice(0, MOST);
      await (latest.length > 0 ? writeLarge(keys.drafts, Object.fromEntries(latest)) : removeLarge(keys.drafts));
    } catch {
      // A browser that refuses storage: the server alone keeps the text.
    }
  },
};

/** Where a text stands: nothing to save, to be saved, under way, out of reach, overtaken by somebody else, or refused. */
export type Saving = "saved" | "dirty" | "saving" | "waiting" | "overtaken" | "refused";

/** What a page shows of a draft. */
export interface DraftView {
  saving: Saving;
  savedAt: number | null;
  /** Since when saving has failed for want of a server. */
  since: number | null;
  problem: Problem | null;
}

type Send = (version: number, content: Content) => Promise<{ version: number; savedAt: number }>;

/** What the person started from, and who they are. */
export interface Begun {
  piece: string;
  author: string;
  version: number;
  content: Content;
}

/**
 * The text of one piece as it is written. Each change is kept in the browser at
 * once and sent to the server when the hand rests; what the server has, the
 * browser forgets. Saves go one after another, each from the version before.
 */
export class Draft {
  content: Content;
  #version: number;
  #view: DraftView = { saving: "saved", savedAt: null, since: null, problem: null };
  #heard = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #dirtySince = 0;
  #changes = 0;
  #delay = FIRST_RETRY;
  #running: Promise<boolean> | null = null;
  #closed = false;

  constructor(
    private readonly begun: Begun,
    private readonly send: Send,
    private readonly shelf: Shelf = onDevice,
    private readonly now: () => number = Date.now,
  ) {
    this.content = begun.content;
    this.#version = begun.version;
  }

  get version(): number {
    return this.#version;
  }

  /** For useSyncExternalStore. */
  view = (): DraftView => this.#view;
  listen = (heard: () => void): (() => void) => {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  };

  #show(change: Partial<DraftView>): void {
    this.#view = { ...this.#view, ...change };
    for (const heard of this.#heard) heard();
  }

  /** Changes part of the text. */
  change(part: Partial<Content>): void {
    if (this.#closed) return;
    this.content = { ...this.content, ...part };
    this.#changes++;
    if (this.#dirtySince === 0) this.#dirtySince = this.now();
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => void this.#keep(), KEEP);
    if (this.#view.saving === "overtaken") return;
    if (this.#view.saving !== "saving" && this.#view.saving !== "waiting") this.#show({ saving: "dirty", problem: null });
    if (!this.#running) this.#later(Math.min(SETTLE, Math.max(0, this.#dirtySince + LONGEST - this.now())));
  }

  #keep(): Promise<void> {
    clearTimeout(this.#keeping);
    return this.shelf.write(this.begun.piece, { author: this.begun.author, version: this.#version, content: this.content, at: this.now() });
  }

  #later(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), delay);
  }

  get pending(): boolean {
    return this.#dirtySince !== 0;
  }

  /** Sends what is not saved now. True once the server has it all. */
  async save(): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.#running) await this.#running;
    if (!this.pending) return true;
    if (this.#closed || this.#view.saving === "overtaken") return false;
    this.#running = this.#sendOnce();
    const done = await this.#running;
    this.#running = null;
    if (!done) return false;
    return this.pending ? this.save() : true;
  }

  async #sendOnce(): Promise<boolean> {
    const sent = this.#changes;
    this.#show({ saving: "saving" });
    try {
      const { version, savedAt } = await this.send(this.#version, this.content);
      this.#version = version;
      this.#delay = FIRST_RETRY;
      if (this.#changes === sent) {
        this.#dirtySince = 0;
        clearTimeout(this.#keeping);
        await this.shelf.write(this.begun.piece, null);
        // Something may have been typed while the browser forgot.
        if (!this.pending) this.#show({ saving: "saved", savedAt, since: null, problem: null });
      } else {
        this.#dirtySince = this.now();
        this.#show({ savedAt, since: null, problem: null });
      }
      return true;
    } catch (error) {
      const problem = problemOf(error);
      await this.#keep();
      if (problem.passing || problem.kind === "limited") {
        this.#show({ saving: "waiting", since: this.#view.since ?? this.now(), problem: null });
        if (!this.#closed) this.#later(Math.max(this.#delay, problem.retryAfter * 1000));
        this.#delay = Math.min(this.#delay * 2, LAST_RETRY);
      } else if (problem.kind === "conflict" && typeof problem.extra.version === "number") {
        this.#show({ saving: "overtaken", problem });
      } else {
        this.#show({ saving: "refused", problem });
      }
      return false;
    }
  }

  /** After somebody else's change: writes this text over theirs, which stays in what the person has just read. */
  async insist(version: number): Promise<boolean> {
    this.#version = version;
    if (this.#dirtySince === 0) this.#dirtySince = this.now();
    this.#show({ saving: "dirty", problem: null });
    return this.save();
  }

  /** Gives this text up for the server's. */
  async giveUp(): Promise<void> {
    this.close();
    this.#dirtySince = 0;
    await this.shelf.write(this.begun.piece, null);
  }

  /** The page goes: what is not saved stays in the browser. */
  close(): void {
    if (this.pending && !this.#closed) void this.#keep();
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#keeping);
  }

  /** Starts again after close: React may mount a page twice. */
  open(): void {
    this.#closed = false;
    if (this.pending) this.#later(SETTLE);
  }
}
