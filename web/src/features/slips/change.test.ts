import { describe, expect, test } from "vitest";
import { Problem } from "@/api";
import type { ImportApi } from "../import/api";
import { makeIdentity, Opener } from "../names/age";
import { makeRecords } from "../names/bulk";
import { type Bytes, fromBase64Url, randomBytes, toBase64Url } from "../names/bytes";
import { decodeContent, type NameDraft } from "../names/record";
import { authHash, makeSeatSecret, readSeatSecret, seatKeys, secretFromLink } from "../names/seatSecret";
import { attachSpare, NameNeeded, replaceSlip, swapSlips, type SlipNames } from "./change";
import { drawSpares } from "./SpareSheet";

const key = await makeIdentity();
const writer = { school: "s", keyId: "k", recipient: key.recipient, seed: randomBytes(32) };

/** Names as they are known in a browser, sealed for real. */
function known(...seats: { id: string; last: string; secret: Bytes | null; version: number }[]): SlipNames & { learnt: NameDraft[] } {
  const find = (id: string) => seats.find((s) => s.id === id);
  const learnt: NameDraft[] = [];
  return {
    learnt,
    name: (id) => (find(id) ? { last: find(id)!.last, first: "Wyxobald" } : null),
    secret: (id) => find(id)?.secret ?? null,
    version: (id) => find(id)?.version ?? 0,
    seal: (drafts) => makeRecords(writer, drafts),
    learn: (drafts) => void learnt.push(...drafts),
  };
}

const open = async (ciphertext: string) => decodeContent(await new Opener(key.identity).open(fromBase64Url(ciphertext)!));
const serverOf = (api: Partial<ImportApi>) => api as ImportApi;

describe("a stolen slip", () => {
  test("gets a new secret, and a record that holds it under the next version", async () => {
    const old = makeSeatSecret();
    const names = known({ id: "a", last: "QUEZZACK", secret: old, version: 3 });
    const sent: Parameters<ImportApi["replaceSecret"]>[2][] = [];
    await replaceSlip("s", "a", names, serverOf({ replaceSecret: async (_s, _seat, body) => void sent.push(body) }));
    expect(sent.length).toBe(1);
    const { record, authHash: hash, seatCode } = sent[0]!;
    expect(record.version).toBe(4);
    expect(JSON.stringify(sent)).not.toMatch(/quezzack|wyxobald/i);
    const content = await open(record.ciphertext);
    expect(content.last).toBe("QUEZZACK");
    expect(content.secret).not.toEqual(old);
    const keys = await seatKeys(content.secret!);
    expect(hash).toBe(toBase64Url(await authHash(keys.auth)));
    expect(seatCode).toBe(keys.code);
    expect(names.learnt.map((d) => [d.seatId, d.version])).toEqual([["a", 4]]);
  });

  test("draws again when the code is taken, and gives up on another refusal", async () => {
    const names = known({ id: "a", last: "QUEZZACK", secret: null, version: 1 });
    const codes: string[] = [];
    const taken = new Problem("conflict", { errors: [{ field: "seatCode", detail: "" }] });
    await replaceSlip(
      "s",
      "a",
      names,
      serverOf({
        replaceSecret: async (_s, _seat, body) => {
          codes.push(body.seatCode);
          if (codes.length === 1) throw taken;
        },
      }),
    );
    expect(new Set(codes).size).toBe(2);
    const refusal = new Problem("conflict", { errors: [{ field: "record.version", detail: "" }] });
    await expect(replaceSlip("s", "a", names, serverOf({ replaceSecret: () => Promise.reject(refusal) }))).rejects.toBe(refusal);
    expect(names.learnt.length).toBe(1);
  });

  test("needs the name", async () => {
    await expect(replaceSlip("s", "b", known(), serverOf({}))).rejects.toBeInstanceOf(NameNeeded);
  });
});

describe("two slips exchanged", () => {
  test("each seat's record takes the other's secret and keeps its name", async () => {
    const [a, b] = [makeSeatSecret(), makeSeatSecret()];
    const names = known({ id: "a", last: "QUEZZACK", secret: a, version: 1 }, { id: "b", last: "SEMÉ", secret: b, version: 7 });
    const sent: Parameters<ImportApi["swap"]>[1][] = [];
    await swapSlips("s", "a", "b", names, serverOf({ swap: async (_s, body) => void sent.push(body) }));
    const { a: first, b: second, records } = sent[0]!;
    expect([first, second]).toEqual(["a", "b"]);
    expect(records.map((r) => [r.seatId, r.version, r.keyId])).toEqual([["a", 2, "k"], ["b", 8, "k"]]);
    const [forA, forB] = await Promise.all(records.map((r) => open(r.ciphertext)));
    expect([forA!.last, forB!.last]).toEqual(["QUEZZACK", "SEMÉ"]);
    expect(forA!.secret).toEqual(b);
    expect(forB!.secret).toEqual(a);
    expect(names.learnt.length).toBe(2);
  });

  test("needs both secrets", async () => {
    const names = known({ id: "a", last: "QUEZZACK", secret: makeSeatSecret(), version: 1 }, { id: "b", last: "SEMÉ", secret: null, version: 1 });
    await expect(swapSlips("s", "a", "b", names, serverOf({}))).rejects.toBeInstanceOf(NameNeeded);
  });
});

describe("a spare slip", () => {
  test("becomes the seat's secret, and its record holds it; it is read from its paper", async () => {
    const [spare] = await drawSpares(1, "KRM4", "https://ecole.example");
    const secret = readSeatSecret(spare!.key.replaceAll(" ", ""))!;
    expect(secretFromLink(spare!.link)).toEqual(secret);
    const names = known({ id: "a", last: "QUEZZACK", secret: makeSeatSecret(), version: 3 });
    const sent: Parameters<ImportApi["replaceSecret"]>[2][] = [];
    await attachSpare("s", "a", secret, names, serverOf({ replaceSecret: async (_s, _seat, body) => void sent.push(body) }));
    const keys = await seatKeys(secret);
    expect(sent[0]).toMatchObject({ spare: true, seatCode: keys.code, authHash: toBase64Url(await authHash(keys.auth)) });
    expect((await open(sent[0]!.record.ciphertext)).secret).toEqual(secret);
    expect(JSON.stringify(sent), "the secret itself is not sent").not.toContain(toBase64Url(secret));
    expect(names.learnt[0]?.secret).toEqual(secret);
  });

  test("that is another seat's already is refused, and nothing is learnt", async () => {
    const names = known({ id: "a", last: "QUEZZACK", secret: makeSeatSecret(), version: 3 });
    const taken = serverOf({ replaceSecret: async () => Promise.reject(new Problem("conflict", {})) });
    await expect(attachSpare("s", "a", makeSeatSecret(), names, taken)).rejects.toBeInstanceOf(Problem);
    expect(names.learnt).toEqual([]);
  });
});
