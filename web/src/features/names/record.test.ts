import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Opener } from "./age";
import { makeRecords, openRecords } from "./bulk";
import { bytes, fromBase64Url, toBase64Url } from "./bytes";
import { makeNamesKey, type NamesKey } from "./namesKey";
import { makePersonalKey, type PersonalKey } from "./personalKey";
import { decodeContent, encodeContent, makeRecord, openRecord, type NameDraft, type RecordWriter, type SignedRecord } from "./record";
import { makeSeatSecret } from "./seatSecret";
import { chainOfTrust, type NamesMember, type Trust } from "./trust";

const school = "school-1";
let head: PersonalKey, stranger: PersonalKey, key: NamesKey, trust: Trust, writer: RecordWriter, opener: Opener;

beforeAll(async () => {
  [head, stranger] = [await makePersonalKey(), await makePersonalKey()];
  key = await makeNamesKey(school, head.signPub);
  const root: NamesMember = { id: "m1", staffId: "head", recipient: head.recipient, signPub: head.signPub, endorsedBy: null, endorsement: null, until: null, revokedAt: null };
  trust = chainOfTrust(school, key.root, [root]);
  writer = { school, keyId: "key-1", recipient: key.recipient, seed: head.signSeed };
  opener = new Opener(key.identity);
});

const draft = (over: Partial<NameDraft> = {}): NameDraft => ({ seatId: "seat-1", version: 1, last: "Lefèvre", first: "Chloé", secret: makeSeatSecret(), ...over });
const signed = async (over: Partial<NameDraft> = {}, by = writer): Promise<SignedRecord> => ({ ...(await makeRecord(by, draft(over))), signerId: "head" });
const open = (record: SignedRecord, seen = 0, at = school) => openRecord(record, at, trust, opener, seen);

function flip(text: string, bit: number): string {
  const data = fromBase64Url(text)!;
  const at = bit % (data.length * 8);
  data[at >> 3]! ^= 1 << (at & 7);
  return toBase64Url(data);
}

describe("name records", () => {
  it("keep any name, whatever its letters", async () => {
    const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 60 }), fc.string({ unit: "binary", maxLength: 60 }), fc.string({ maxLength: 60 }).map((s) => `${s}\ud800`));
    await fc.assert(
      fc.asyncProperty(text, text, fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 })), async (last, first, secret) => {
        const content = { last, first, secret: secret && bytes(secret) };
        expect(await open(await signed(content))).toEqual({ ...content, seatId: "seat-1", version: 1, keyId: "key-1" });
      }),
      { numRuns: 100 },
    );
  });

  it("hide lengths in steps", () => {
    expect(encodeContent(draft({ last: "", first: "" }))).toHaveLength(256);
    expect(encodeContent(draft({ last: "a".repeat(120) }))).toHaveLength(256);
    expect(encodeContent(draft({ last: "a".repeat(220) }))).toHaveLength(384);
    expect(() => encodeContent(draft({ last: "a".repeat(5000) }))).toThrow("too_long");
  });

  it("refuse content of another shape", () => {
    const wrong = ["", "null", "[]", '{"v":2,"last":"a","first":"b","secret":null}', '{"v":1,"last":"a","first":"b"}', '{"v":1,"last":"a","first":"b","secret":"AA"}', '{"v":1,"last":1,"first":"b","secret":null}'];
    for (const text of wrong) expect(() => decodeContent(new TextEncoder().encode(text)), text).toThrow("damaged");
    expect(() => decodeContent(new Uint8Array([0xff]))).toThrow("damaged");
  });

  it("refuse any flipped bit", async () => {
    const record = await signed();
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (bit) => {
        await expect(open({ ...record, ciphertext: flip(record.ciphertext, bit) })).rejects.toMatchObject({ reason: "signature" });
        await expect(open({ ...record, signature: flip(record.signature, bit) })).rejects.toMatchObject({ reason: "signature" });
      }),
      { numRuns: 150 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (bit) => {
        await expect(opener.open(fromBase64Url(flip(record.ciphertext, bit))!)).rejects.toMatchObject({ reason: "damaged" });
      }),
      { numRuns: 150 },
    );
  });

  it("refuse forged signers, swapped seats, other schools and changed versions", async () => {
    const record = await signed();
    const forged = await signed({}, { ...writer, seed: stranger.signSeed });
    const cases: [string, SignedRecord, string][] = [
      ["a signature by somebody else", forged, "signature"],
      ["a signer nobody let in", { ...forged, signerId: "stranger" }, "signer"],
      ["another seat", { ...record, seatId: "seat-2" }, "signature"],
      ["a later number", { ...record, version: 2 }, "signature"],
      ["no number", { ...record, version: 0 }, "damaged"],
      ["half a number", { ...record, version: 1.5 }, "damaged"],
      ["no ciphertext", { ...record, ciphertext: "" }, "signature"],
      ["no base64", { ...record, signature: "?" }, "damaged"],
    ];
    for (const [name, altered, reason] of cases) await expect(open(altered), name).rejects.toMatchObject({ reason });
    await expect(open(record, 0, "school-2")).rejects.toMatchObject({ reason: "signature" });
    const sealedElsewhere = await signed({}, { ...writer, recipient: stranger.recipient });
    await expect(open(sealedElsewhere)).rejects.toMatchObject({ reason: "damaged" });
  });

  it("refuse an older version than one already seen", async () => {
    const [older, newer] = [await signed(), await signed({ version: 2 })];
    await expect(open(older, 2)).rejects.toMatchObject({ reason: "version" });
    expect((await open(newer, 2)).version).toBe(2);
  });
});

describe("many records", () => {
  it("are made and opened with a progress, and a bad one hides no other", async () => {
    const drafts = Array.from({ length: 40 }, (_, i) => draft({ seatId: `seat-${i}`, last: `Nom ${i}` }));
    const seen: number[] = [];
    const made = await makeRecords(writer, drafts, { onProgress: (done, total) => seen.push(done / total) });
    expect(seen.at(-1)).toBe(1);
    const records = made.map((record) => ({ ...record, signerId: "head" }));
    records[3] = { ...records[3]!, ciphertext: flip(records[3]!.ciphertext, 77) };
    const job = { school, trust, identities: [key.identity], records, seen: new Map([["seat-5", 2]]) };
    const { opened, refused } = await openRecords(job);
    expect(opened).toHaveLength(38);
    expect(refused).toEqual([
      { seatId: "seat-3", reason: "signature" },
      { seatId: "seat-5", reason: "version" },
    ]);
  });

  it("are read with the keys that were replaced", async () => {
    const next = await makeNamesKey(school, head.signPub, key);
    const job = { school, trust, identities: [next.identity, ...next.previous], records: [await signed()], seen: new Map() };
    expect((await openRecords(job)).opened[0]).toMatchObject({ last: "Lefèvre" });
  });

  it("give the page its turn and stop when asked", async () => {
    const stop = new AbortController();
    const drafts = Array.from({ length: 500 }, () => draft());
    let turns = 0;
    const ticking = setInterval(() => (++turns === 2 ? stop.abort() : undefined), 1);
    await expect(makeRecords(writer, drafts, { signal: stop.signal })).rejects.toMatchObject({ reason: "stopped" });
    clearInterval(ticking);
    expect(turns).toBeGreaterThanOrEqual(2);
  });
});
