import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, fromSnapshot, type Known } from "./fold";
import type { LessonEvent, Person, Rights, Snapshot } from "./protocol";

const open: Rights = { microphone: true, camera: true, screen: false, chat: true, reactions: true, drawing: false };

function pupil(id: string, more: Partial<Person> = {}): Person {
  return { id, kind: "seat", role: "pupil", here: true, joinedAt: 0, rights: open, own: {}, camera: "everyone", hand: 0, state: "", ...more };
}

function known(): Known {
  const snapshot: Snapshot = {
    n: 10, epoch: 1, me: "p1", hands: [], messages: [], waiting: [],
    people: [pupil("p1", { kind: "staff", role: "teacher" }), pupil("p2"), pupil("p3")],
    lesson: {
      id: "l", title: "6e B", openedAt: 0, attended: true, locked: false, preset: "cours", rights: open, chat: "everyone", cameras: "everyone",
      spotlight: null, sealed: false, sealIndex: 0, sealHolder: null, guests: false, messagesUntilHours: 24,
    },
  };
  return fromSnapshot(snapshot);
}

const event = (n: number, ev: string, members: Record<string, unknown> = {}): LessonEvent => ({ type: "event", n, at: n * 1000, ev, ...members });

describe("fold", () => {
  it("changes nothing for an event seen before, and only n for one it does not know", () => {
    const before = known();
    expect(fold(before, event(10, "spotlight", { who: "p2" }))).toBe(before);
    const after = fold(before, event(12, "of_tomorrow"));
    expect(after).toEqual({ ...before, n: 12 });
  });

  it("keeps hands in the order in which they were raised", () => {
    let k = fold(known(), event(11, "hand", { who: "p3", up: true }));
    k = fold(k, event(12, "hand", { who: "p2", up: true }));
    k = fold(k, event(13, "hand", { who: "p3", up: true }));
    expect(k.hands).toEqual(["p3", "p2"]);
    expect(k.people.map((p) => p.hand)).toEqual([0, 2, 1]);
    k = fold(k, event(14, "left", { who: "p3", why: "lost" }));
    expect(k.hands).toEqual(["p2"]);
    expect(fold(k, event(15, "hand", { lowered: true })).people.every((p) => p.hand === 0)).toBe(true);
  });

  it("puts a person's own rights before the lesson's", () => {
    let k = fold(known(), event(11, "rights_of", { who: "p2", own: { microphone: true }, rights: open }));
    k = fold(k, event(12, "rights", { rights: { ...open, microphone: false, chat: false } }));
    expect(k.people[1]?.rights).toMatchObject({ microphone: true, chat: false });
    expect(k.people[2]?.rights?.microphone).toBe(false);
    expect(k.people[0]?.rights?.microphone).toBe(true);
  });

  it("takes all that a preset sets", () => {
    const k = fold(known(), event(11, "preset", { preset: "evaluation", rights: { ...open, microphone: false }, chat: "staff" }));
    expect(k.lesson).toMatchObject({ preset: "evaluation", chat: "staff", rights: { microphone: false } });
    expect(k.people[1]?.rights?.microphone).toBe(false);
  });

  it("keeps a person's own stricter camera, whatever staff set", () => {
    let k = fold(known(), event(11, "camera_to", { who: "p2", to: "staff" }));
    k = fold(k, event(12, "cameras", { to: "everyone" }));
    expect(k.people.map((p) => p.camera)).toEqual(["everyone", "staff", "everyone"]);
    k = fold(k, event(13, "cameras", { to: "staff" }));
    expect(k.people.map((p) => p.camera)).toEqual(["everyone", "staff", "staff"]);
    k = fold(k, event(14, "camera_to", { who: "p2", to: "everyone" }));
    expect(k.people[1]?.camera).toBe("staff");
  });

  it("takes from the stage whoever leaves it", () => {
    const k = fold(fold(known(), event(11, "spotlight", { who: "p2" })), event(12, "left", { who: "p2", why: "left" }));
    expect(k.lesson.spotlight).toBeNull();
  });

  it("closes pupils' rights when no staff is left", () => {
    const k = fold(known(), event(11, "unattended"));
    expect(k.lesson.attended).toBe(false);
    expect(Object.values(k.people[1]?.rights ?? {}).some(Boolean)).toBe(false);
  });

  it("shows a released message at its place, and takes all of a person's away", () => {
    let k = fold(known(), event(11, "message", { id: "m1", by: "p2", text: "un", to: "all", pending: true }));
    k = fold(k, event(12, "message", { id: "m2", by: "p3", text: "deux", to: "all" }));
    k = fold(k, event(13, "released", { id: "m1" }));
    expect(k.messages.map((m) => [m.id, m.pending])).toEqual([["m1", false], ["m2", false]]);
    k = fold(k, event(14, "released", { id: "m0", message: { id: "m0", n: 4, at: 500, by: "p2", text: "zéro", to: "all", pending: false } }));
    expect(k.messages.map((m) => m.id)).toEqual(["m0", "m1", "m2"]);
    expect(fold(k, event(15, "deleted", { who: "p2" })).messages.map((m) => m.id)).toEqual(["m2"]);
  });

  it("never fails, loses nobody and keeps n growing, whatever comes", () => {
    const kinds = ["joined", "left", "hand", "message", "released", "deleted", "state", "rights", "attended", "unattended", "spotlight", "waiting", "answered", "x"];
    const who = fc.constantFrom("p1", "p2", "p3", "p4");
    const any = fc.record({ ev: fc.constantFrom(...kinds), who, up: fc.boolean(), id: fc.constantFrom("m1", "m2"), text: fc.string(), step: fc.integer({ min: -2, max: 3 }) });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 40 }), (all) => {
        let k = known();
        for (const { step, ...members } of all) {
          const n = k.n + step;
          const before = k.n;
          k = fold(k, event(n, members.ev, { ...members, by: members.who, to: "all", rights: open, person: pupil(members.who) }));
          expect(k.n).toBe(Math.max(before, n));
          expect(new Set(k.people.map((p) => p.id)).size).toBe(k.people.length);
          expect(new Set(k.hands).size).toBe(k.hands.length);
        }
      }),
    );
  });
});
