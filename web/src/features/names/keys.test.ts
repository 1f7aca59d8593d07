import { describe, expect, it } from "vitest";
import { Opener, isRecipient, makeIdentity, readIdentity, sealTo } from "./age";
import { fromBase64Url, toBase64Url, utf8 } from "./bytes";
import { personWords, schoolWords } from "./fingerprint";
import { makeNamesKey, makeRecoverySheet, unwrapNamesKey, wrapNamesKey } from "./namesKey";
import { makePersonalKey, openPersonalKey, sealPersonalKey } from "./personalKey";
import { makePhrase, phraseOf } from "./phrase";
import { makePupilKey, openFirstNames, recipientMac, sealFirstNames, verifyRecipient, vouchKey } from "./pupilKey";
import { makeSeatSecret, seatKeys } from "./seatSecret";

const light = 8;

describe("personal keys", () => {
  it("open with their phrase only", async () => {
    const key = await makePersonalKey();
    const phrase = phraseOf(makePhrase());
    const stored = await sealPersonalKey(key, phrase, light);
    expect(await openPersonalKey(stored, phrase)).toEqual(key);
    await expect(openPersonalKey(stored, phraseOf(makePhrase()))).rejects.toMatchObject({ reason: "phrase" });
  });

  it("are refused beside another's public parts", async () => {
    const [mine, other] = [await makePersonalKey(), await makePersonalKey()];
    const stored = await sealPersonalKey(mine, "phrase", light);
    await expect(openPersonalKey({ ...stored, recipient: other.recipient }, "phrase")).rejects.toMatchObject({ reason: "key_mismatch" });
    await expect(openPersonalKey({ ...stored, signPub: other.signPub }, "phrase")).rejects.toMatchObject({ reason: "key_mismatch" });
  });
});

describe("names keys", () => {
  it("open for those they are wrapped to, and for the recovery sheet", async () => {
    const [head, teacher] = [await makePersonalKey(), await makePersonalKey()];
    const key = await makeNamesKey("school-1", head.signPub);
    expect(await unwrapNamesKey(await wrapNamesKey(key, teacher.recipient), teacher.identity, "school-1")).toEqual(key);
    await expect(unwrapNamesKey(await wrapNamesKey(key, head.recipient), teacher.identity, "school-1")).rejects.toMatchObject({ reason: "damaged" });
    const sheet = await makeRecoverySheet(key);
    const typed = sheet.identity.toLowerCase().replace(/(.{4})/g, "$1 ");
    expect(await unwrapNamesKey(fromBase64Url(sheet.wrapped)!, (await readIdentity(typed)).identity, "school-1")).toEqual(key);
  });

  it("are refused in another school", async () => {
    const head = await makePersonalKey();
    const wrapped = await wrapNamesKey(await makeNamesKey("school-1", head.signPub), head.recipient);
    await expect(unwrapNamesKey(wrapped, head.identity, "school-2")).rejects.toMatchObject({ reason: "school" });
  });

  it("carry the keys that they replace", async () => {
    const head = await makePersonalKey();
    const first = await makeNamesKey("school-1", head.signPub);
    const second = await makeNamesKey("school-1", head.signPub, first);
    const third = await unwrapNamesKey(await wrapNamesKey(await makeNamesKey("school-1", head.signPub, second), head.recipient), head.identity, "school-1");
    expect(third.previous).toEqual([second.identity, first.identity]);
  });

  it("are refused when their fields are not what they should be", async () => {
    const { identity, recipient } = await makeIdentity();
    const fields = { v: 1, identity, school: "s", root: toBase64Url(new Uint8Array(32)) };
    for (const wrong of [{ v: 2 }, { identity: "AGE-SECRET-KEY-1X" }, { identity: 3 }, { root: "AA" }, { previous: "x" }, { previous: ["x"] }]) {
      const wrapped = await sealTo([recipient], utf8(JSON.stringify({ ...fields, ...wrong })));
      await expect(unwrapNamesKey(wrapped, identity, "s")).rejects.toMatchObject({ reason: "damaged" });
    }
    await expect(unwrapNamesKey(await sealTo([recipient], utf8("null")), identity, "s")).rejects.toMatchObject({ reason: "damaged" });
  });
});

describe("recipients", () => {
  it("are plain X25519 ones", async () => {
    const { recipient } = await makeIdentity();
    expect(isRecipient(recipient)).toBe(true);
    for (const other of ["", "age1", recipient.toUpperCase(), `${recipient}x`, `${recipient.slice(0, -1)}${recipient.endsWith("q") ? "p" : "q"}`, "age1pq1abc"]) {
      expect(isRecipient(other), other).toBe(false);
    }
    await expect(sealTo(["age1pq1abc"], utf8("x"))).rejects.toMatchObject({ reason: "recipient" });
  });
});

describe("fingerprints", () => {
  it("have six words that change with any part", async () => {
    const key = await makePersonalKey();
    const words = await personWords("staff-1", key.recipient, key.signPub);
    expect(words).toHaveLength(6);
    expect(await personWords("staff-2", key.recipient, key.signPub)).not.toEqual(words);
    expect(await schoolWords("staff-1", key.recipient, key.signPub)).not.toEqual(words);
  });
});

describe("a pupil's browser", () => {
  it("is told from the server's by the slip's secret", async () => {
    const { bind } = await seatKeys(makeSeatSecret());
    const key = await makePupilKey(bind);
    const stranger = await makePupilKey((await seatKeys(makeSeatSecret())).bind);
    expect(await verifyRecipient(bind, key.recipient, key.mac)).toBe(true);
    expect(await verifyRecipient(bind, stranger.recipient, key.mac)).toBe(false);
    expect(await verifyRecipient(bind, stranger.recipient, stranger.mac)).toBe(false);
    expect(await verifyRecipient(bind, key.recipient, "AAAA")).toBe(false);
    const elsewhere = toBase64Url(await recipientMac(bind, "age1wrong"));
    expect(await verifyRecipient(bind, "age1wrong", elsewhere)).toBe(false);
  });

  it("opens the first names of its group", async () => {
    const { bind } = await seatKeys(makeSeatSecret());
    const [key, vouch] = [await makePupilKey(bind), await vouchKey(bind)];
    const names = { "seat-1": "Zoé", "seat-2": "Ngọc" };
    const sealed = await sealFirstNames(vouch, key.recipient, "group-1", names);
    expect(await openFirstNames(vouch, key.identity, "group-1", sealed)).toEqual(new Map(Object.entries(names)));
    await expect(openFirstNames(vouch, key.identity, "group-2", sealed)).rejects.toMatchObject({ reason: "damaged" });
  });

  it("refuses first names that nobody who knows its slip wrote", async () => {
    const { bind } = await seatKeys(makeSeatSecret());
    const [key, again, vouch] = [await makePupilKey(bind), await makePupilKey(bind), await vouchKey(bind)];
    const stranger = await vouchKey((await seatKeys(makeSeatSecret())).bind);
    const text = utf8(JSON.stringify({ group: "group-1", names: { "seat-1": "Inventé" } }));
    const unsigned = await sealTo([key.recipient], text);
    const forged = await sealFirstNames(stranger, key.recipient, "group-1", { "seat-1": "Inventé" });
    for (const box of [unsigned, forged]) await expect(openFirstNames(vouch, key.identity, "group-1", box)).rejects.toMatchObject({ reason: "signature" });
    // Words for another entry of the same seat are not for this one.
    const other = await new Opener(again.identity).open(await sealFirstNames(vouch, again.recipient, "group-1", {}));
    await expect(openFirstNames(vouch, key.identity, "group-1", await sealTo([key.recipient], other))).rejects.toMatchObject({ reason: "signature" });
  });
});
