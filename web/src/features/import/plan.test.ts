import { describe, expect, test } from "vitest";
import { toBase64Url } from "../names/bytes";
import { authHash, seatKeys } from "../names/seatSecret";
import { PseudonymDrawer } from "../pseudonyms/draw";
import { secureBelow } from "../pseudonyms/random";
import { changes, compare } from "./compare";
import { planGroups, refsOf } from "./groupPlan";
import { prepareSeats, redrawSecret, withRecords } from "./prepare";
import type { FoundGroup, Pupil } from "./pupils";
import { nextNumber, type KnownSeat, type SchoolNow } from "./school";

const found = (name: string, kind: "class" | "group" = "class", pupils = 1): FoundGroup => ({ key: name.toLowerCase(), name, kind, level: null, pupils });
const pupil = (last: string, first: string, ...groups: string[]): Pupil => ({ line: 0, last, first, level: null, groups });
const seat = (id: string, last: string | null, first: string, groups: string[], more: Partial<KnownSeat> = {}): KnownSeat => ({
  id, number: 1, pseudonym: `P ${id}`, picture: "otter", level: "", groups, left: false, name: last === null ? null : { last, first }, ...more,
});
const now = (seats: KnownSeat[]): SchoolNow => ({
  yearId: "y",
  groups: [
    { id: "A", name: "6A", kind: "class", level: "6e" },
    { id: "B", name: "6B", kind: "class", level: "6e" },
    { id: "C", name: "Chorale", kind: "group", level: "" },
  ],
  seats,
});

describe("groups", () => {
  const list = [found("6a"), found("6B"), found("6 C"), found("Latin", "group")];
  test("those of the school are known by name", () => {
    const plan = planGroups(list, new Map(), now([]).groups);
    expect(plan.groups.map((g) => [g.ref, g.known, g.name, g.kind])).toEqual([
      ["A", true, "6A", "class"],
      ["B", true, "6B", "class"],
      ["g:6 c", false, "6 C", "class"],
      ["g:latin", false, "Latin", "group"],
    ]);
  });
  test("merged, renamed, ignored; the same name makes one", () => {
    const plan = planGroups(list, new Map([["6 c", { into: "6b" }], ["latin", { ignored: true }], ["6a", { name: "6B" }]]), now([]).groups);
    expect(plan.groups.map((g) => [g.ref, g.pupils])).toEqual([["B", 3]]);
    expect(refsOf(pupil("ROY", "Ada", "6a", "6b", "latin"), plan)).toEqual(["B"]);
  });
  test("a circle of merges ends", () => {
    const plan = planGroups(list, new Map([["6a", { into: "6b" }], ["6b", { into: "6a" }]]), []);
    expect(plan.groups.length).toBeGreaterThan(0);
    expect(refsOf(pupil("ROY", "Ada", "6a"), plan).length).toBe(1);
  });
});

describe("comparison with the school", () => {
  const plan = planGroups([found("6A"), found("6B"), found("Latin", "group")], new Map(), now([]).groups);
  test("already there, changing class, arriving, departed", () => {
    const school = now([
      seat("1", "Roy", "Ada", ["A", "C"]),
      seat("2", "PETIT", "Noé", ["A"]),
      seat("3", "LUNE", "Zoé", ["A"]),
      seat("4", "AILLEURS", "Tom", ["C"]),
      seat("5", "PARTI", "Léo", ["A"], { left: true }),
      seat("6", null, "", ["A"]),
    ]);
    const result = compare(
      [pupil("ROY", "Ada", "6a"), pupil("Petit", "NOE", "6b", "latin"), pupil("NEUF", "Ana", "6b"), pupil("PARTI", "Léo", "6a")],
      plan,
      school,
    );
    expect(result.arrivals.map((p) => p.last)).toEqual(["NEUF"]);
    expect(result.present.map((p) => [p.seat.id, p.groups, p.back, changes(p)])).toEqual([
      ["1", null, false, false],
      ["2", ["B", "g:latin"], false, true],
      ["5", null, true, true],
    ]);
    expect(result.departed.map((s) => s.id)).toEqual(["3"]);
    expect(result.unread).toBe(1);
  });
  test("two pupils of one name are told by their class, and never share a seat", () => {
    const school = now([seat("1", "ROY", "Ada", ["A"]), seat("2", "ROY", "Ada", ["B"])]);
    const result = compare([pupil("ROY", "Ada", "6b"), pupil("ROY", "Ada", "6a"), pupil("ROY", "Ada", "6a")], plan, school);
    expect(result.present.map((p) => p.seat.id)).toEqual(["2", "1"]);
    expect(result.arrivals.length).toBe(1);
  });
});

describe("seats made for an import", () => {
  const plan = planGroups([found("6A"), found("6 C")], new Map(), now([]).groups);
  const drawer = new PseudonymDrawer(secureBelow);
  const names = Array.from({ length: 60 }, (_, i) => pupil(`NOM${String(i).padStart(2, "0")}`, "Ada", i % 2 ? "6a" : "6 c"));
  const work = () => ({
    importId: "i",
    yearId: "y",
    plan,
    firstNumber: nextNumber(now([seat("1", "X", "Y", [], { number: 41, left: true })])),
    arrivals: names.map((p) => ({ pupil: p, pseudonym: drawer.draw(refsOf(p, plan)) })),
  });

  test("nothing sent holds a name, and hashes come from the secrets kept", async () => {
    const prepared = await prepareSeats(work(), secureBelow);
    const sent = JSON.stringify(prepared.body);
    expect(sent).not.toMatch(/NOM\d/);
    expect(sent).not.toContain("Ada");
    for (const [i, s] of prepared.body.seats.entries()) {
      const draft = prepared.drafts[i]!;
      expect(draft.seatId).toBe(s.id);
      expect(sent).not.toContain(toBase64Url(draft.secret!));
      const keys = await seatKeys(draft.secret!);
      expect(s.authHash).toBe(toBase64Url(await authHash(keys.auth)));
      expect(s.seatCode).toBe(keys.code);
    }
    expect(prepared.body.groups).toEqual([{ ref: "g:6 c", name: "6 C", kind: "class" }]);
    expect(prepared.body.seats.map((s) => s.number)).toEqual(names.map((_, i) => 42 + i));
  });

  test("the order of the list cannot be read from the numbers", async () => {
    const { drafts } = await prepareSeats(work(), secureBelow);
    const order = drafts.map((d) => d.last);
    expect(order).not.toEqual(names.map((n) => n.last));
    expect([...order].sort()).toEqual(names.map((n) => n.last));
  });

  test("a code that is taken is drawn again for that seat alone", async () => {
    const prepared = await prepareSeats(work(), secureBelow);
    const before = structuredClone(prepared.body.seats);
    const draft = await redrawSecret(prepared, 7);
    expect(draft).toBe(prepared.drafts[7]);
    prepared.body.seats.forEach((s, i) => {
      if (i === 7) expect(s.seatCode).not.toBe(before[i]!.seatCode);
      else expect(s).toEqual(before[i]);
    });
  });

  test("every seat needs its record", async () => {
    const prepared = await prepareSeats(work(), secureBelow);
    const records = prepared.drafts.map((d) => ({ seatId: d.seatId, version: 1, keyId: "k", ciphertext: "c", signature: "s" }));
    const body = withRecords(prepared, "k", records);
    expect(body.seats.every((s) => s.record?.version === 1)).toBe(true);
    expect(() => withRecords(prepared, "k", records.slice(1))).toThrow();
  });

  test("stopping stops", async () => {
    await expect(prepareSeats(work(), secureBelow, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

describe("an import from end to end, with the real sealing", async () => {
  const { makeIdentity, Opener } = await import("../names/age");
  const { fromBase64Url, randomBytes } = await import("../names/bytes");
  const { makeRecords } = await import("../names/bulk");
  const { decodeContent } = await import("../names/record");
  const { Problem } = await import("@/api");
  const conflict = (field: string) => new Problem("conflict", { errors: [{ field, detail: "" }] });
  const { runImport } = await import("./run");
  type Api = import("./api").ImportApi;
  type Body = import("./api").ImportBody;

  const key = await makeIdentity();
  const writer = { school: "s", keyId: "k", recipient: key.recipient, seed: randomBytes(32) };
  const sealer = { keyId: "k", seal: (...[drafts, onProgress, signal]: Parameters<import("./run").Sealer["seal"]>) => makeRecords(writer, drafts, { onProgress, signal }), learn: () => {} };
  const plan = planGroups([found("6A"), found("6 C")], new Map(), now([]).groups);
  const drawer = new PseudonymDrawer(secureBelow);
  const list = Array.from({ length: 12 }, (_, i) => pupil(`QUEZZACK${i}`, "Wyxobald", i % 2 ? "6a" : "6 c"));
  const job = () => ({
    schoolId: "s", importId: crypto.randomUUID(), yearId: "y", plan, firstNumber: 1, present: [], leaving: [],
    arrivals: list.map((p) => ({ pupil: p, pseudonym: drawer.draw(refsOf(p, plan)) })),
  });
  const options = (signal = new AbortController().signal) => ({ below: secureBelow, signal, onPhase: () => {} });
  const server = (send: Api["send"], others: Partial<Api> = {}) => ({ send, change: async () => null, ...others }) as unknown as Api;
  const accept = (body: Body) => ({ groups: body.groups.map((g) => ({ ref: g.ref, id: `id of ${g.ref}`, code: "AAAA" })), seats: body.seats.length, again: false });

  test("one request carries all; it names nobody; its records open to the names and secrets", async () => {
    const sent: Body[] = [];
    const done = await runImport(job(), server(async (_, body) => (sent.push(body), accept(body))), sealer, options());
    expect(sent.length).toBe(1);
    expect(done.seats).toBe(12);
    expect(done.groups.get("g:6 c")).toBe("id of g:6 c");
    expect(JSON.stringify(sent)).not.toMatch(/quezzack|wyxobald/i);
    const opener = new Opener(key.identity);
    const opened = await Promise.all(sent[0]!.seats.map(async (s) => ({ seat: s, content: decodeContent(await opener.open(fromBase64Url(s.record!.ciphertext)!)) })));
    expect(opened.map((o) => o.content.last).sort()).toEqual(list.map((p) => p.last).sort());
    for (const { seat: s, content } of opened) expect(s.authHash).toBe(toBase64Url(await authHash((await seatKeys(content.secret!)).auth)));
  });

  test("a typed code already taken is drawn again, under the same import", async () => {
    const sent: Body[] = [];
    await runImport(
      job(),
      server(async (_, body) => {
        sent.push(structuredClone(body));
        if (sent.length === 1) throw conflict("seats[4].seatCode");
        return accept(body);
      }),
      sealer,
      options(),
    );
    expect(sent.length).toBe(2);
    expect(sent[1]!.id).toBe(sent[0]!.id);
    const differ = sent[0]!.seats.map((s, i) => JSON.stringify(s) !== JSON.stringify(sent[1]!.seats[i]));
    expect(differ.map((d, i) => (d ? i : -1)).filter((i) => i >= 0)).toEqual([4]);
  });

  test("after a lost answer, another try sends the very same import", async () => {
    const sent: string[] = [];
    const api = server(async (_, body) => {
      sent.push(JSON.stringify(body));
      if (sent.length === 1) throw new TypeError("the connection was lost");
      return accept(body);
    });
    const one = job();
    await expect(runImport(one, api, sealer, options())).rejects.toThrow(TypeError);
    expect((await runImport(one, api, sealer, options())).seats).toBe(12);
    expect(sent[1]).toBe(sent[0]);
  });

  test("any other refusal stops, and nothing follows", async () => {
    const calls: string[] = [];
    const api = server(async () => Promise.reject(conflict("seats[4].number")), { change: async () => void calls.push("change") });
    await expect(runImport({ ...job(), leaving: ["x"] }, api, sealer, options())).rejects.toThrow(Problem);
    expect(calls).toEqual([]);
  });

  test("stopped while sealing, nothing is sent", async () => {
    const stop = new AbortController();
    const sent: unknown[] = [];
    const slow = { ...sealer, seal: (...[drafts, , signal]: Parameters<typeof sealer.seal>) => (stop.abort(), sealer.seal(drafts, undefined, signal)) };
    await expect(runImport(job(), server(async (_, body) => (sent.push(body), accept(body))), slow, options(stop.signal))).rejects.toThrow();
    expect(sent).toEqual([]);
  });

  test("pupils already there follow, in the groups just made", async () => {
    const changed: unknown[] = [];
    const api = server(async (_, body) => accept(body), { change: async (_s, id, change) => void changed.push([id, change]) });
    const there = { pupil: list[0]!, seat: seat("1", "X", "Y", ["A"]), groups: ["g:6 c"], level: null, back: true };
    const done = await runImport({ ...job(), present: [there], leaving: ["9"] }, api, sealer, options());
    expect(changed).toEqual([["1", { groups: ["id of g:6 c"], left: false }], ["9", { left: true }]]);
    expect(done.changed).toBe(2);
  });
});
