import { afterEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import { type AgeIdentity, makeIdentity } from "@/features/names/age";
import { type Bytes, fromBase64Url, randomBytes, sha256, toBase64Url } from "@/features/names/bytes";
import { recipientMac } from "@/features/names/pupilKey";
import { signPublic } from "@/features/names/sign";
import { fold, fromSnapshot, type Known } from "../live/fold";
import type { LessonEvent, Person, Rights, Signal } from "../live/protocol";
import { boxForAnyone, boxForSeat, makeMediaKey } from "./box";
import { type Adult, type KeyRing, type Line, Sealing, type Standing } from "./sealing";

const lesson = "01890a5d-ac96-774b-bcce-b302099a8057";
const all: Rights = { microphone: true, camera: true, screen: true, chat: true, reactions: true, drawing: true };

/** A ring that remembers what the engine would. */
class Ring implements KeyRing {
  readonly keys = new Map<number, string>();
  sending = 0;
  hold(key: Bytes, index: number): Promise<void> {
    this.keys.set(index, toBase64Url(key));
    return Promise.resolve();
  }
  use(index: number): void {
    this.sending = index;
  }
  get current(): string | undefined {
    return this.keys.get(this.sending);
  }
}

/**
 * A server that hands everything on, and can lie: it stands between the
 * browsers, which is where what they check has to hold.
 */
class Server {
  known: Known;
  readonly desks = new Map<string, Desk>();
  /** Changes or drops a signal on its way. */
  twist: (signal: Signal, to: string) => Signal | null = (signal) => signal;

  constructor(people: Person[]) {
    this.known = fromSnapshot({
      n: 1, epoch: 1, me: "", hands: [], messages: [], people,
      lesson: { id: lesson, title: "6e B", openedAt: 0, attended: true, locked: false, preset: "cours", rights: all, chat: "everyone", cameras: "everyone", spotlight: null, sealed: false, guests: false, messagesUntilHours: 24 },
    });
  }

  event(ev: string, members: Record<string, unknown>): void {
    const event: LessonEvent = { type: "event", n: this.known.n + 1, at: 0, ev, ...members };
    this.known = fold(this.known, event);
    for (const desk of this.desks.values()) {
      desk.changed.forEach((heard) => heard());
      desk.events.forEach((heard) => heard(event, desk.state()));
    }
  }

  send(signal: Signal, to: string): void {
    const sent = this.twist(signal, to);
    // Later, and in the order of sending, as on a connection.
    if (sent) queueMicrotask(() => this.desks.get(to)?.signals.forEach((heard) => heard(sent)));
  }

  /** Tells staff the key of somebody who greets, and somebody of the staff those of all. */
  greet(who: Desk): void {
    for (const desk of this.desks.values()) {
      if (desk === who) continue;
      if (desk.person.kind === "staff") this.send(who.keyOf(), desk.person.id);
      if (who.person.kind === "staff") this.send(desk.keyOf(), who.person.id);
    }
  }
}

class Desk implements Line {
  readonly changed = new Set<() => void>();
  readonly signals = new Set<(signal: Signal) => void>();
  readonly events = new Set<(event: LessonEvent, known: Known) => void>();
  readonly ring = new Ring();
  readonly sealing: Sealing;

  constructor(
    private readonly server: Server,
    readonly person: Person,
    readonly standing: Standing,
    private readonly mac: string | null,
  ) {
    this.sealing = new Sealing(lesson, this, this.ring, standing);
  }

  come(): void {
    this.server.desks.set(this.person.id, this);
    this.sealing.start();
    this.server.greet(this);
  }

  keyOf(): Signal {
    return { type: "signal", sig: "key_of", who: this.person.id, recipient: this.standing.identity.recipient, ...(this.mac ? { mac: this.mac } : {}) };
  }

  state = () => ({ ...this.server.known, me: this.person.id });
  status = () => ({ status: "open" as const, since: 0 });
  onChange = (heard: () => void) => {
    this.changed.add(heard);
    return () => this.changed.delete(heard);
  };
  onSignal(heard: (signal: Signal) => void) {
    this.signals.add(heard);
    return () => this.signals.delete(heard);
  }
  onEvent(heard: (event: LessonEvent, known: Known) => void) {
    this.events.add(heard);
    return () => this.events.delete(heard);
  }

  ask(command: string, members: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { known } = this.server;
    if (command === "seal") {
      if (members.index !== ((known.lesson.sealIndex ?? 0) % 15) + 1) return Promise.reject(new Problem("conflict"));
      this.server.event("sealed", { index: members.index, holder: this.person.id });
    }
    if (command === "seal_ask" && known.lesson.sealHolder) this.server.send(this.keyOf(), known.lesson.sealHolder);
    if (command === "signal") {
      const { to, ...body } = members as Record<string, unknown> & { sig: string };
      const signal: Signal = { type: "signal", ...body, ...(body.sig === "key" ? { from: this.person.id } : { by: this.person.id }) };
      for (const who of typeof to === "string" ? [to] : [...this.server.desks.keys()]) this.server.send(signal, who);
    }
    return Promise.resolve({});
  }
}

const person = (id: string, more: Partial<Person>): Person => ({ id, kind: "seat", role: "pupil", here: true, joinedAt: 0, rights: all, camera: "everyone", hand: 0, state: "", ...more });

/** The secrets of a class: those of the slips, and the circle of adults. */
class Class {
  readonly binds = new Map<string, Bytes>();
  readonly circle = new Map<string, { identity: AgeIdentity; seed: Bytes }>();
  readonly server: Server;
  readonly people = [
    person("p1", { kind: "staff", role: "teacher", staff: "s1" }), person("p2", { seat: "a", verified: true }), person("p3", { seat: "b", verified: true }),
    person("p4", { kind: "staff", role: "coteacher", staff: "s2" }),
  ];

  constructor(here: readonly string[]) {
    this.server = new Server(this.people.map((p) => ({ ...p, here: here.includes(p.id) })));
  }

  adult(seed: Bytes): Adult {
    return {
      seed,
      bindOf: (seat) => Promise.resolve(this.binds.get(seat) ?? null),
      signersOf: (staff) => {
        const one = this.circle.get(staff);
        if (!one) return [];
        const publicKey = signPublic(one.seed);
        return [{ staffId: staff, recipient: one.identity.recipient, signPub: toBase64Url(publicKey), publicKey, until: null }];
      },
    };
  }

  async desk(id: string): Promise<Desk> {
    const who = this.people.find((p) => p.id === id);
    if (!who) throw new Error(id);
    const identity = await makeIdentity();
    if (who.kind === "staff") {
      const seed = randomBytes(32);
      this.circle.set(who.staff ?? "", { identity, seed });
      return new Desk(this.server, who, { identity, bind: null, adult: this.adult(seed) }, null);
    }
    const bind = randomBytes(32);
    this.binds.set(who.seat ?? "", bind);
    return new Desk(this.server, who, { identity, bind, adult: null }, toBase64Url(await recipientMac(bind, identity.recipient)));
  }
}

// New keys stand five seconds apart.
vi.setConfig({ testTimeout: 60_000 });

const desks: Desk[] = [];
afterEach(() => {
  for (const desk of desks.splice(0)) desk.sealing.stop();
});

async function meeting(...ids: string[]): Promise<{ room: Class; at: Desk[] }> {
  const room = new Class(ids);
  const at = await Promise.all(ids.map((id) => room.desk(id)));
  desks.push(...at);
  for (const desk of at) desk.come();
  return { room, at };
}

const soon = { timeout: 30_000, interval: 20 };
const agreed = (...at: Desk[]) => expect.poll(() => at[0]?.ring.current !== undefined && at.every((d) => d.ring.current === at[0]?.ring.current && d.sealing.snapshot().hasKey), soon).toBe(true);

describe("the keys of a lesson", () => {
  it("reach everyone present before anybody seals with them", async () => {
    const { room, at } = await meeting("p1", "p2", "p3");
    await agreed(...at);
    expect(room.server.known.lesson).toMatchObject({ sealed: true, sealIndex: 1, sealHolder: "p1" });
    expect(at.map((d) => d.sealing.snapshot().checked)).toEqual([true, true, true]);
    expect(at[0]?.sealing.snapshot().unverified).toEqual(new Set());
  });

  it("are made anew when somebody leaves, who does not get the next", async () => {
    const { room, at } = await meeting("p1", "p2", "p3");
    await agreed(...at);
    const [first, second, gone] = at as [Desk, Desk, Desk];
    const before = first.ring.current;
    room.server.desks.delete("p3");
    room.server.event("left", { who: "p3", why: "put_out" });
    await expect.poll(() => first.ring.sending, soon).toBe(2);
    await agreed(first, second);
    expect(first.ring.current).not.toBe(before);
    expect(gone.ring.keys.has(2)).toBe(false);
  });

  it("are taken over by another adult when their maker has gone", async () => {
    const { room, at } = await meeting("p1", "p2", "p4");
    await agreed(...at);
    const [maker, pupil, other] = at as [Desk, Desk, Desk];
    maker.sealing.stop();
    room.server.desks.delete("p1");
    room.server.event("left", { who: "p1", why: "lost" });
    await expect.poll(() => room.server.known.lesson.sealHolder, soon).toBe("p4");
    await agreed(pupil, other);
  });

  it("are made anew when their maker's page was loaded again", async () => {
    const { room, at } = await meeting("p1", "p2");
    await agreed(...at);
    const [maker, pupil] = at as [Desk, Desk];
    maker.sealing.stop();
    const again = new Desk(room.server, maker.person, maker.standing, null);
    desks.push(again);
    again.come();
    await expect.poll(() => again.ring.sending, soon).toBe(2);
    await agreed(again, pupil);
  });
});

describe("a server that lies", () => {
  it("cannot slip in a key: a pupil with a slip refuses it and goes on with nothing", async () => {
    const room = new Class(["p1", "p2"]);
    const at = await Promise.all([room.desk("p1"), room.desk("p2")]);
    desks.push(...at);
    const [, pupil] = at as [Desk, Desk];
    const theirs = makeMediaKey();
    const forged = await boxForAnyone(theirs, 1, pupil.standing.identity.recipient);
    room.server.twist = (signal, to) => (signal.sig === "key" && to === "p2" ? { ...signal, box: forged.box } : signal);
    for (const desk of at) desk.come();
    await expect.poll(() => pupil.sealing.snapshot().refused, soon).toBe("mac");
    await expect.poll(() => room.server.known.lesson.sealed, soon).toBe(true);
    expect([...pupil.ring.keys.values()]).not.toContain(toBase64Url(theirs));
    expect(pupil.ring.sending).toBe(0);
    expect(pupil.sealing.snapshot().hasKey).toBe(false);
  });

  it("cannot bring back a key that was replaced", async () => {
    const { room, at } = await meeting("p1", "p2", "p3");
    await agreed(...at);
    const [, pupil] = at as [Desk, Desk, Desk];
    const bind = room.binds.get("a");
    const old = pupil.ring.current;
    room.server.event("left", { who: "p3", why: "left" });
    await expect.poll(() => pupil.ring.sending, soon).toBe(2);
    // The same key, properly sealed, under the index that is announced next.
    if (!bind || !old) throw new Error("no key");
    const again = await boxForSeat(fromBase64Url(old) ?? randomBytes(32), lesson, 3, pupil.standing.identity.recipient, bind);
    room.server.send({ type: "signal", sig: "key", from: "p1", ...again, mac: again.mac ?? "" }, "p2");
    await expect.poll(() => pupil.sealing.snapshot().refused, soon).toBe("replayed");
    expect(pupil.ring.keys.get(3)).toBeUndefined();
  });

  it("cannot put in a ghost that counts as a seat, nor one that no code tells of", async () => {
    const { room, at } = await meeting("p1", "p2");
    await agreed(...at);
    const [maker, pupil] = at as [Desk, Desk];
    const ghost = await makeIdentity();
    room.server.event("joined", { person: person("p3", { seat: "b", verified: true }) });
    room.server.send({ type: "signal", sig: "key_of", who: "p3", recipient: ghost.recipient, mac: toBase64Url(await recipientMac(randomBytes(32), ghost.recipient)) }, "p1");
    await expect.poll(() => maker.sealing.snapshot().unverified, soon).toEqual(new Set(["p3"]));
    // The ghost holds the key, and its answer is hidden from the pupil: the digits cannot agree.
    await maker.sealing.compare();
    const print = toBase64Url(await sha256(fromBase64Url(maker.ring.current ?? "") ?? randomBytes(32)));
    room.server.send({ type: "signal", sig: "code_key", by: "p3", value: `${print} ${ghost.recipient}` }, "p1");
    await expect.poll(() => [maker, pupil].map((d) => d.sealing.snapshot().code?.stage), soon).toEqual(["shown", "shown"]);
    expect(digitsOf(maker)).not.toBe(digitsOf(pupil));
  });
});

function digitsOf(desk: Desk): string {
  const { code } = desk.sealing.snapshot();
  return code?.stage === "shown" ? code.digits : "";
}

describe("the security code", () => {
  it("is the same for all who hold the same key", async () => {
    const { at } = await meeting("p1", "p2", "p3");
    await agreed(...at);
    await at[0]?.sealing.compare();
    await expect.poll(() => at.map((d) => d.sealing.snapshot().code?.stage), soon).toEqual(["shown", "shown", "shown"]);
    const digits = at.map(digitsOf);
    expect(digits[0]).toMatch(/^\d{6}$/);
    expect(new Set(digits).size).toBe(1);
  });

  it("fails where the server puts another recipient in a person's place", async () => {
    const { room, at } = await meeting("p1", "p2", "p3");
    await agreed(...at);
    const ghost = await makeIdentity();
    room.server.twist = (signal, to) => {
      if (signal.sig !== "code_key" || signal.by !== "p2" || to === "p2") return signal;
      return { ...signal, value: `${(signal.value as string).split(" ")[0]} ${ghost.recipient}` };
    };
    await at[0]?.sealing.compare();
    await expect.poll(() => at[0]?.sealing.snapshot().code?.stage, soon).toBe("failed");
  });
});
