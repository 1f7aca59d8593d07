import type { AgeIdentity } from "@/features/names/age";
import { isRecipient } from "@/features/names/age";
import { type Bytes, randomBytes, sha256, toBase64Url } from "@/features/names/bytes";
import { verifyRecipient } from "@/features/names/pupilKey";
import type { TrustedSigner } from "@/features/names/trust";
import { problemOf } from "@/api/problem";
import type { Known } from "../live/fold";
import type { Live } from "../live/live";
import { leads, type Person, type Signal } from "../live/protocol";
import { boxForAnyone, boxForSeat, boxForStaff, type Check, KEY_LENGTH, type KeyBox, makeMediaKey, nextIndex, openBox, type Refusal } from "./box";
import { CodeExchange, type CodeView } from "./code";

/** What a member of staff whose names are open can sign and check. */
export interface Adult {
  seed: Bytes;
  /** The secret shared with whoever holds the slip of a seat. */
  bindOf(seat: string): Promise<Bytes | null>;
  signersOf(staff: string): readonly TrustedSigner[];
}

/** What this participant opens keys with, and can prove. */
export interface Standing {
  identity: AgeIdentity;
  /** Of the slip that this browser entered with. */
  bind: Bytes | null;
  adult: Adult | null;
}

/** Where keys go: the engine's ring. */
export interface KeyRing {
  hold(key: Bytes, index: number): Promise<void>;
  use(index: number): void;
}

export type Line = Pick<Live, "state" | "status" | "ask" | "onChange" | "onSignal" | "onEvent">;

export interface SealView {
  /** The key that was announced last is in use here. */
  hasKey: boolean;
  /** The key in use was made by somebody whom this browser could check. */
  checked: boolean;
  /** This browser makes the keys. */
  holding: boolean;
  /** Who could not be checked, as the maker of the key knows; null for the others. */
  unverified: ReadonlySet<string> | null;
  /** Why the last key that came was not taken. */
  refused: Refusal | null;
  code: CodeView | null;
}

interface Held {
  key: Bytes;
  print: string;
  checked: boolean;
}

interface Presented {
  recipient: string;
  mac: string | null;
  verified: boolean;
}

const SETTLE = 300;
/** Between two new keys, however many people leave: each costs a box for everyone. */
const ROTATE_APART = 5_000;
const ASK_AGAIN = 3_000;
/** The former key still opens what was on its way. */
const FORMER_KEPT = 120_000;
/** The next adult takes over after this, the one after them after twice this. */
const TAKE_OVER = 2_000;

/**
 * The keys of a lesson's media in one browser: those that come are checked
 * before they are taken, and staff who can make them do. What the server says
 * of people decides nothing here but whom to ask.
 */
export class Sealing {
  private readonly keys = new Map<number, Held>();
  /** Prints of keys that were replaced: the server cannot bring them back. */
  private readonly retired = new Set<string>();
  private readonly presented = new Map<string, Presented>();
  /** Who asks for the key in use. */
  private readonly asking = new Set<string>();
  private using = 0;
  private made = 0; // index of the key made here, 0 when somebody else's is in use
  private stale = false; // somebody left since
  private rotatedAt = 0;
  private busy = false;
  private again = false;
  private stopped = false;
  private timers = new Set<ReturnType<typeof setTimeout>>();
  private waiting: ReturnType<typeof setTimeout> | null = null;
  private askedAt = 0;
  private refused: Refusal | null = null;
  private readonly heard = new Set<() => void>();
  private readonly code: CodeExchange;
  private view: SealView = { hasKey: false, checked: false, holding: false, unverified: null, refused: null, code: null };
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly lesson: string,
    private readonly line: Line,
    private readonly ring: KeyRing,
    private standing: Standing,
  ) {
    this.code = new CodeExchange(
      line,
      () => this.keys.get(this.using)?.key ?? null,
      () => this.standing.identity.recipient,
      (who) => (this.made === 0 ? null : (this.presented.get(who)?.recipient ?? null)),
      () => this.show(),
    );
  }

  start(): void {
    this.stops.push(
      this.line.onSignal((signal) => void this.hear(signal)),
      this.line.onChange(() => this.soon(SETTLE)),
      this.line.onEvent((event) => {
        if (event.ev === "left") {
          this.presented.delete(event.who as string);
          this.asking.delete(event.who as string);
          this.stale = true;
        }
        if (event.ev === "sealed") void this.follow();
      }),
    );
    this.soon(0);
  }

  stop(): void {
    this.stopped = true;
    for (const stop of this.stops) stop();
    for (const timer of this.timers) clearTimeout(timer);
    if (this.waiting) clearTimeout(this.waiting);
    this.code.stop();
  }

  /** The names were opened or closed meanwhile. */
  stand(standing: Standing): void {
    this.standing = standing;
    void Promise.all([...this.presented].map(async ([who, { recipient, mac }]) => this.present(who, recipient, mac))).then(() => this.soon(0));
  }

  onChange = (heard: () => void): (() => void) => {
    this.heard.add(heard);
    return () => this.heard.delete(heard);
  };

  snapshot = (): SealView => this.view;

  /** Begins the security code; for whoever makes the keys. */
  compare(): Promise<void> {
    return this.code.begin();
  }

  forgetCode(): void {
    this.code.forget();
  }

  private later(ms: number, f: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      f();
    }, ms);
    this.timers.add(timer);
  }

  private soon(ms: number): void {
    if (this.stopped) return;
    if (this.waiting) clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.run(), ms);
  }

  /** One step at a time; what comes meanwhile is looked at after. */
  private async run(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      await this.step();
    } catch (error) {
      // The line broke or the server refused: the next step looks at how things stand.
      this.soon(problemOf(error).kind === "offline" ? ASK_AGAIN : SETTLE * 4);
    } finally {
      this.busy = false;
      this.show();
      if (this.again) {
        this.again = false;
        this.soon(0);
      }
    }
  }

  private async step(): Promise<void> {
    const known = this.line.state();
    if (!known || this.stopped || this.line.status().status !== "open") return;
    await this.follow();
    const { lesson } = known;
    const index = lesson.sealed ? (lesson.sealIndex ?? 0) : 0;
    const rank = this.rank(known);
    if (rank >= 0 && this.shouldMake(known, index, rank)) {
      await this.make(known, index);
      return;
    }
    if (this.made !== 0 && this.made === index) {
      for (const who of Array.from(this.asking)) await this.give(known, who, this.made);
      return;
    }
    if (index !== 0 && this.using !== index && Date.now() - this.askedAt >= ASK_AGAIN) {
      this.askedAt = Date.now();
      await this.line.ask("seal_ask");
      this.soon(ASK_AGAIN);
    }
  }

  /** The place of this person among the adults who may make keys; -1 for everybody else. */
  private rank(known: Known): number {
    if (!this.standing.adult) return -1;
    return known.people.filter((p) => p.here && leads(p)).findIndex((p) => p.id === known.me);
  }

  private shouldMake(known: Known, index: number, rank: number): boolean {
    const others = known.people.filter((p) => p.here && p.id !== known.me);
    const mine = known.lesson.sealHolder === known.me;
    if (index === 0) {
      const ready = others.every((p) => this.presented.has(p.id) && (p.kind !== "seat" || !p.verified || this.presented.get(p.id)?.verified === true));
      return ready && this.afterRank(rank);
    }
    if (mine) {
      if (this.made !== index) return true; // this page was loaded again
      if (!this.stale) return false;
      const wait = this.rotatedAt + ROTATE_APART - Date.now();
      if (wait > 0) this.soon(wait);
      return wait <= 0;
    }
    const holder = known.people.find((p) => p.id === known.lesson.sealHolder);
    return !holder?.here && this.afterRank(rank);
  }

  private since = 0;

  /** Leaves those before in the list the time to do it. */
  private afterRank(rank: number): boolean {
    if (rank === 0) return true;
    const now = Date.now();
    if (now - this.since > (rank + 2) * TAKE_OVER) this.since = now;
    const wait = this.since + rank * TAKE_OVER - now;
    if (wait > 0) this.soon(wait);
    return wait <= 0;
  }

  private async make(known: Known, former: number): Promise<void> {
    const index = nextIndex(former);
    const key = makeMediaKey();
    this.stale = false;
    await this.take(index, key, true);
    const present = known.people.filter((p) => p.here && p.id !== known.me && this.presented.has(p.id));
    this.asking.clear();
    for (const person of present) await this.give(known, person.id, index);
    try {
      await this.line.ask("seal", { index, first: former === 0 });
    } catch (error) {
      this.stale = true;
      throw error;
    }
    this.made = index;
    this.rotatedAt = Date.now();
  }

  private async give(known: Known, who: string, index: number): Promise<void> {
    const key = this.keys.get(index)?.key;
    const person = known.people.find((p) => p.id === who);
    const theirs = this.presented.get(who);
    this.asking.delete(who);
    if (!key || !person || !theirs) return;
    const box = await this.boxFor(person, theirs, key, index);
    const mac = box.mac ?? box.signature ?? undefined;
    await this.line.ask("signal", { sig: "key", to: who, index: box.index, box: box.box, mac }).catch((error: unknown) => {
      const problem = problemOf(error);
      if (problem.kind === "not_found") return; // gone meanwhile
      this.asking.add(who);
      throw problem;
    });
  }

  private async boxFor(person: Person, theirs: Presented, key: Bytes, index: number): Promise<KeyBox> {
    const adult = this.standing.adult;
    if (person.kind === "staff" && adult) return boxForStaff(key, this.lesson, index, theirs.recipient, adult.seed);
    const bind = person.seat && theirs.verified ? await adult?.bindOf(person.seat) : null;
    return bind ? boxForSeat(key, this.lesson, index, theirs.recipient, bind) : boxForAnyone(key, index, theirs.recipient);
  }

  private async hear(signal: Signal): Promise<void> {
    switch (signal.sig) {
      case "key":
        await this.receive(signal);
        return;
      case "key_of":
        await this.meet(signal);
        return;
      default:
        await this.code.hear(signal);
    }
  }

  private async meet(signal: Signal): Promise<void> {
    const who = signal.who as string;
    if (!isRecipient(signal.recipient as string)) return;
    await this.present(who, signal.recipient as string, typeof signal.mac === "string" ? signal.mac : null);
    this.asking.add(who);
    this.soon(0);
  }

  /** A participant's public key, which the server hands on: it counts as theirs only under what they alone could make. */
  private async present(who: string, recipient: string, mac: string | null): Promise<void> {
    const person = this.line.state()?.people.find((p) => p.id === who);
    const adult = this.standing.adult;
    let verified = false;
    if (adult && person?.kind === "staff" && person.staff) verified = adult.signersOf(person.staff).some((s) => s.recipient === recipient);
    if (adult && person?.kind === "seat" && person.seat && mac !== null) {
      const bind = await adult.bindOf(person.seat);
      verified = bind !== null && (await verifyRecipient(bind, recipient, mac));
    }
    this.presented.set(who, { recipient, mac, verified });
  }

  private async receive(signal: Signal): Promise<void> {
    const known = this.line.state();
    const from = known?.people.find((p) => p.id === signal.from);
    if (!known || !from || from.id === known.me) return;
    const mac = typeof signal.mac === "string" ? signal.mac : null;
    const box: KeyBox = { index: signal.index as number, box: signal.box as string, mac, signature: mac };
    const opened = await this.open(box, from);
    if (typeof opened === "string") {
      this.refused = opened;
      return this.show();
    }
    const print = toBase64Url(await sha256(opened.key));
    if (this.retired.has(print)) {
      this.refused = "replayed";
      return this.show();
    }
    this.refused = null;
    await this.take(box.index, opened.key, opened.checked);
    await this.follow();
  }

  private async open(box: KeyBox, from: Person): Promise<{ key: Bytes; checked: boolean } | Refusal> {
    const { identity, bind, adult } = this.standing;
    const checks: Check[] = bind
      ? [{ kind: "bind", bind }]
      : adult
        ? adult.signersOf(from.staff ?? "").map(({ publicKey }) => ({ kind: "signer", publicKey }))
        : [{ kind: "none" }];
    let why: Refusal = "signature";
    for (const check of checks) {
      const key = await openBox(box, this.lesson, identity.identity, check);
      if (typeof key !== "string") return { key, checked: check.kind !== "none" };
      why = key;
    }
    return why;
  }

  private async take(index: number, key: Bytes, checked: boolean): Promise<void> {
    const print = toBase64Url(await sha256(key));
    if (this.keys.get(index)?.print === print) return;
    this.keys.set(index, { key, print, checked });
    await this.ring.hold(key, index);
  }

  /** Seals with the key that was announced last, once it is here; never again with one that was replaced. */
  private async follow(): Promise<void> {
    const lesson = this.line.state()?.lesson;
    const index = lesson?.sealed ? (lesson.sealIndex ?? 0) : 0;
    if (index === 0) return;
    if (lesson?.sealHolder !== this.line.state()?.me) this.made = 0;
    const held = this.keys.get(index);
    if (!held || this.retired.has(held.print) || this.using === index) return this.soonIfMissing(index);
    const former = this.using;
    this.using = index;
    this.ring.use(index);
    if (former !== 0) this.retire(former);
    this.show();
  }

  private soonIfMissing(index: number): void {
    if (this.using !== index) {
      this.show();
      this.soon(SETTLE);
    }
  }

  private retire(index: number): void {
    const held = this.keys.get(index);
    if (!held) return;
    this.retired.add(held.print);
    this.keys.delete(index);
    this.later(FORMER_KEPT, () => {
      if (!this.keys.has(index) && this.using !== index) void this.ring.hold(randomBytes(KEY_LENGTH), index);
    });
  }

  private show(): void {
    if (this.stopped) return;
    const known = this.line.state();
    const index = known?.lesson.sealed ? (known.lesson.sealIndex ?? 0) : 0;
    const holding = index !== 0 && this.made === index && known?.lesson.sealHolder === known?.me;
    const unverified = this.standing.adult && known ? new Set(known.people.filter((p) => p.here && p.id !== known.me && this.presented.get(p.id)?.verified !== true).map((p) => p.id)) : null;
    this.view = {
      hasKey: index !== 0 && this.using === index, checked: this.keys.get(this.using)?.checked ?? false, holding, unverified, refused: this.refused, code: this.code.view,
    };
    for (const heard of this.heard) heard();
  }
}
