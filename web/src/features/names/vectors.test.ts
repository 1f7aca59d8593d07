/**
 * What Go and TypeScript must both compute, and each open of the other's. To
 * write this side's part anew: `WRITE_VECTORS=1 npx vitest run vectors`; the
 * other's: `go test ./internal/demo -run TestVectors -write-vectors`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Opener, openWithPhrase } from "./age";
import { bytes, fromBase64Url, fromUtf8, sha256, toBase64Url } from "./bytes";
import { readCode } from "./code";
import { personWords, schoolWords } from "./fingerprint";
import { listCsv, sealList } from "./listExport";
import { makeNamesKey, unwrapNamesKey, wrapNamesKey } from "./namesKey";
import { openPersonalKey, personalKeyFromJson, sealPersonalKey } from "./personalKey";
import { readPhrase } from "./phrase";
import { openFirstNames, recipientMac, sealFirstNames, vouchKey } from "./pupilKey";
import { makeRecord, openRecord, recordLines } from "./record";
import { authHash, makeSeatSecret, readSeatSecret, seatKeys, seatLink } from "./seatSecret";
import { signLines } from "./sign";
import { chainOfTrust, endorse, verifyEndorsement } from "./trust";
import { wordsOf } from "./words";

const file = new URL("../../../../internal/demo/testdata/names-vectors.json", import.meta.url);
const writing = process.env["WRITE_VECTORS"] === "1";

interface Made {
  phrase: string;
  recipient: string;
  signPub: string;
  sealed: string;
  school: string;
  wrapped: string;
  namesRecipient: string;
  staffId: string;
  until: number;
  endorsement: string;
  record: { seat: string; version: number; ciphertext: string; signature: string; last: string; first: string; secret: string | null };
  firstNames: { group: string; names: Record<string, string>; sealed: string };
  list: { csv: string; sealed: string } | null;
}

interface Vectors {
  seats: { secret: string; auth: string; authHash: string; bind: string; code: string; link: string; recipient: string; mac: string }[];
  codes: { typed: string; group: string; seat: string }[];
  words: { data: string; words: string[] }[];
  personal: { json: string; recipient: string; signPub: string; staffId: string; words: string[] };
  school: { id: string; recipient: string; root: string; words: string[] };
  endorsement: { school: string; staffId: string; recipient: string; signPub: string; until: number; signature: string };
  record: { school: string; seat: string; version: number; ciphertext: string; signature: string };
  fromWeb: Made | null;
  fromGo: Made | null;
}

const fixed = (start: number, length: number) => bytes(Array.from({ length }, (_, i) => (start + i * 7) & 255));
// Of test keys that protect nothing.
const personalJson = JSON.stringify({ v: 1, identity: "AGE-SECRET-KEY-1ME3DYANCHQNQSWY39PN8N9XC94SQAAHHVX8USNC4Z6MNG00UP2PS0KVNHU", sign: toBase64Url(fixed(3, 32)) });

async function compute(before: Vectors | null): Promise<Vectors> {
  const key = await personalKeyFromJson(personalJson);
  const staffId = "0192f3a0-0000-7000-8000-000000000001";
  const school = "0192f3a0-0000-7000-8000-0000000000aa";
  const seats = [];
  for (const start of [0, 1, 99, 250]) {
    const secret = fixed(start, 16);
    const keys = await seatKeys(secret);
    seats.push({
      secret: toBase64Url(secret),
      auth: toBase64Url(keys.auth),
      authHash: toBase64Url(await authHash(keys.auth)),
      bind: toBase64Url(keys.bind),
      code: keys.code,
      link: seatLink("https://preau.example", secret),
      recipient: key.recipient,
      mac: toBase64Url(await recipientMac(keys.bind, key.recipient)),
    });
  }
  const typed = ["KRM4-7D2F9", "krm4 7d2f9", "oqil zsbu1", "  K R M 4 – 7 D 2 F 9  ", "ｋｒｍ４７ｄ２ｆ９", "krm4.7d2f9"];
  const until = 1798761600000;
  const who = { staffId, recipient: key.recipient, signPub: key.signPub, until };
  const ciphertext = fixed(42, 300);
  const recordSignature = signLines(key.signSeed, recordLines(school, staffId, 7, await sha256(ciphertext)));
  return {
    seats,
    codes: typed.map((text) => {
      const read = readCode(text);
      if (!read.ok) throw new Error(text);
      return { typed: text, group: read.group, seat: read.seat };
    }),
    words: [fixed(0, 9), fixed(200, 9), new Uint8Array(9).fill(255)].map((data) => ({ data: toBase64Url(data), words: wordsOf(data, 6) })),
    personal: { json: personalJson, recipient: key.recipient, signPub: key.signPub, staffId, words: await personWords(staffId, key.recipient, key.signPub) },
    school: { id: school, recipient: key.recipient, root: key.signPub, words: await schoolWords(school, key.recipient, key.signPub) },
    endorsement: { school, ...who, signature: endorse(key.signSeed, school, who) },
    record: { school, seat: staffId, version: 7, ciphertext: toBase64Url(ciphertext), signature: toBase64Url(recordSignature) },
    fromWeb: before?.fromWeb ?? null,
    fromGo: before?.fromGo ?? null,
  };
}

async function make(): Promise<Made> {
  const read = readPhrase("abaisser zoologie cobalt pinceau hublot frelon");
  if (!read.ok) throw new Error("the phrase");
  const person = await personalKeyFromJson(personalJson);
  const stored = await sealPersonalKey(person, read.phrase, 10);
  const school = "0192f3a0-0000-7000-8000-0000000000bb";
  const seat = "6f1c1d0a-8a3f-4a58-9b0e-0d5c7d4a1b2c";
  const staffId = "0192f3a0-0000-7000-8000-000000000002";
  const key = await makeNamesKey(school, person.signPub);
  const secret = makeSeatSecret();
  const name = { last: "Ndiaye-Lefèvre 🦊 <&>", first: "Zoé‑Ngọc ‏عمر", secret };
  const { ciphertext, signature } = await makeRecord({ school, keyId: "key", recipient: key.recipient, seed: person.signSeed }, { ...name, seatId: seat, version: 3 });
  const until = 1798761600000;
  const names = { [seat]: "Zoé", "seat-2": "Łukasz" };
  const csv = listCsv(["Numéro", "Pseudonyme", "Nom", "Prénom", "Classes"], [{ number: 1, pseudonym: "Renard calme", last: name.last, first: name.first, groups: ["6e B"] }]);
  return {
    phrase: read.phrase,
    ...stored,
    school,
    wrapped: toBase64Url(await wrapNamesKey(key, person.recipient)),
    namesRecipient: key.recipient,
    staffId,
    until,
    endorsement: endorse(person.signSeed, school, { staffId, recipient: person.recipient, signPub: person.signPub, until }),
    record: { seat, version: 3, ciphertext, signature, last: name.last, first: name.first, secret: toBase64Url(secret) },
    firstNames: { group: "group-1", names, sealed: toBase64Url(await sealFirstNames(await vouchKey((await seatKeys(secret)).bind), person.recipient, "group-1", names)) },
    list: { csv, sealed: toBase64Url(await sealList(csv, { phrase: read.phrase, workFactor: 10 })) },
  };
}

async function check(made: Made): Promise<void> {
  const person = await openPersonalKey(made, made.phrase);
  const key = await unwrapNamesKey(fromBase64Url(made.wrapped)!, person.identity, made.school);
  expect(key).toMatchObject({ recipient: made.namesRecipient, root: made.signPub });
  const who = { staffId: made.staffId, recipient: made.recipient, signPub: made.signPub, until: made.until };
  expect(verifyEndorsement(fromBase64Url(made.signPub)!, made.school, who, made.endorsement)).toBe(true);
  const root = { id: "m", staffId: made.staffId, recipient: made.recipient, signPub: made.signPub, endorsedBy: null, endorsement: null, until: null, revokedAt: null };
  const { seat, version, last, first, secret, ...sealed } = made.record;
  const record = { seatId: seat, version, keyId: "key", signerId: made.staffId, ...sealed };
  const opened = await openRecord(record, made.school, chainOfTrust(made.school, key.root, [root]), new Opener(key.identity));
  expect(opened).toMatchObject({ last, first, secret: secret === null ? null : readSeatSecret(secret) });
  const { bind } = await seatKeys(readSeatSecret(secret!)!);
  const names = await openFirstNames(await vouchKey(bind), person.identity, made.firstNames.group, fromBase64Url(made.firstNames.sealed)!);
  expect(Object.fromEntries(names)).toEqual(made.firstNames.names);
  if (made.list) {
    expect(fromUtf8(await openWithPhrase(made.phrase, fromBase64Url(made.list.sealed)!))).toBe(made.list.csv);
  }
}

describe("shared vectors", () => {
  if (writing) it("are written", async () => {
    let before: Vectors | null = null;
    try {
      before = JSON.parse(readFileSync(file, "utf8")) as Vectors;
    } catch {
      // The first time there is no file.
    }
    const vectors = { ...(await compute(before)), fromWeb: await make() };
    writeFileSync(file, `${JSON.stringify(vectors, null, 2)}\n`);
  });

  it("are what this side computes", async () => {
    const vectors = JSON.parse(readFileSync(file, "utf8")) as Vectors;
    expect(await compute(vectors)).toEqual(vectors);
  });

  it("open here, whichever side made them", async () => {
    const { fromWeb, fromGo } = JSON.parse(readFileSync(file, "utf8")) as Vectors;
    for (const made of [fromWeb, fromGo]) {
      expect(made).not.toBeNull();
      await check(made!);
    }
  });
});
