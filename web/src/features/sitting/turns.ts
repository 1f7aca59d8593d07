import { problemOf } from "@/api/problem";
import type { TurnOnDevice } from "@/storage";
import type { TurnTaken, TurnView } from "./api";
import { childrenOf, type PublicNode, type Value, type Values } from "./render/tree";

const FIRST_RETRY = 1_000;
const LAST_RETRY = 15_000;

type Turns = Record<string, TurnOnDevice>;
type Send = (item: string, turn: number, data: Values) => Promise<TurnTaken>;

/** What a page shows of the questions that take several turns. */
export interface TurnsView {
  of: Turns;
  /** How many turns wait for the server. */
  waiting: number;
  /** Since when sending has failed, or null. */
  failingSince: number | null;
  /** Why a question's turn was refused, by question. */
  refusals: Record<string, unknown>;
}

/**
 * The turns of a sitting on this device. A turn is kept here before it leaves,
 * with its number, and sent until the server has answered it: the same number
 * twice is one turn. The next cannot be made before.
 */
export class TurnBook {
  #view: TurnsView;
  #heard = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  #closed = false;
  #delay = FIRST_RETRY;
  /** The server knows another state of a question than this page. */
  onStale: () => void = () => undefined;

  constructor(
    kept: Turns,
    private readonly send: Send,
    private readonly keep: (turns: Turns) => Promise<void>,
  ) {
    this.#view = { of: kept, waiting: pendingIn(kept), failingSince: null, refusals: {} };
    if (this.#view.waiting > 0) this.#schedule(0);
  }

  subscribe = (heard: () => void): (() => void) => {
    this.#heard.add(heard);
    return () => this.#heard.delete(heard);
  };
  view = (): TurnsView => this.#view;

  /** Takes where the server says that the questions of a stage stand; what was prepared here for the same state stays. */
  learn(views: Record<string, TurnView>): void {
    const of: Turns = {};
    for (const [item, view] of Object.entries(views)) {
      const mine = this.#view.of[item];
      of[item] = mine?.view.turn === view.turn && !view.done ? { ...mine, view } : { view, draft: shownIn(view.public.body), leaving: null };
    }
    void this.#keep(of, { refusals: {} });
    this.#schedule(0);
  }

  /** Takes what a question holds, before its turn is made. */
  draft(item: string, draft: Values): void {
    const mine = this.#view.of[item];
    if (!mine || mine.leaving || mine.view.done) return;
    void this.#keep({ ...this.#view.of, [item]: { ...mine, draft } });
  }

  /** Makes the turn of a question; `more` is what the button that ends it answers. */
  take(item: string, more: Values = {}): void {
    const mine = this.#view.of[item];
    if (!mine || mine.leaving || mine.view.done) return;
    void this.#keep({ ...this.#view.of, [item]: { ...mine, leaving: { ...mine.draft, ...more } } }, { refusals: { ...this.#view.refusals, [item]: undefined } });
    this.#delay = FIRST_RETRY;
    this.#schedule(0);
  }

  /** Resolves once no turn waits. */
  async settled(): Promise<void> {
    this.#delay = FIRST_RETRY;
    this.#schedule(0);
    while (this.#view.waiting > 0 && !this.#closed) {
      await new Promise<void>((go) => {
        const stop = this.subscribe(() => {
          stop();
          go();
        });
      });
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#show({});
  }

  #schedule(delay: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#sendNext(), delay);
  }

  async #sendNext(): Promise<void> {
    const [item, mine] = Object.entries(this.#view.of).find(([, one]) => one.leaving !== null) ?? [];
    if (this.#sending || this.#closed || !item || !mine?.leaving) return;
    this.#sending = true;
    try {
      await this.#keep(this.#view.of); // kept here before it leaves
      const answer = await this.send(item, mine.view.turn + 1, mine.leaving);
      this.#delay = FIRST_RETRY;
      const next = answer.view ? { view: answer.view, draft: shownIn(answer.view.public.body), leaving: null } : { ...mine, leaving: null };
      await this.#keep(this.#after(item, mine, next), { failingSince: null });
      this.#schedule(0);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.passing || problem.kind === "limited" || problem.kind === "internal") {
        this.#show({ failingSince: this.#view.failingSince ?? Date.now() });
        this.#schedule(this.#delay);
        this.#delay = Math.min(LAST_RETRY, this.#delay * 2);
      } else {
        await this.#keep(this.#after(item, mine, { ...mine, leaving: null }), { failingSince: null, refusals: { ...this.#view.refusals, [item]: error } });
        if (problem.kind === "conflict") this.onStale();
      }
    } finally {
      this.#sending = false;
    }
  }

  /** The questions once a turn is answered, unless the server has told of a later state in between. */
  #after(item: string, mine: TurnOnDevice, next: TurnOnDevice): Turns {
    return this.#view.of[item]?.view.turn === mine.view.turn ? { ...this.#view.of, [item]: next } : this.#view.of;
  }

  #keep(of: Turns, more: Partial<TurnsView> = {}): Promise<void> {
    this.#show({ of, waiting: pendingIn(of), ...more });
    return this.keep(of);
  }

  #show(more: Partial<TurnsView>): void {
    this.#view = { ...this.#view, ...more };
    for (const heard of this.#heard) heard();
  }
}

/** How many turns are on their way. */
export const pendingIn = (turns: Turns | undefined): number => Object.values(turns ?? {}).filter((one) => one.leaving !== null).length;

/** What the server shows as answered in a view: a turn leaves a choice where it was. */
export function shownIn(body: readonly PublicNode[]): Values {
  const out: Values = {};
  const visit = (node: PublicNode) => {
    const { response, value } = node.attrs ?? {};
    if (response && value && node.tag !== "endAttemptInteraction") out[response] = valueOf(node.tag ?? "", value);
    childrenOf(node).forEach(visit);
  };
  body.forEach(visit);
  return out;
}

function valueOf(tag: string, value: string): Value {
  if (tag === "textEntryInteraction" || tag === "extendedTextInteraction" || !value.startsWith("[")) return value;
  try {
    return JSON.parse(value) as string[];
  } catch {
    return value;
  }
}
