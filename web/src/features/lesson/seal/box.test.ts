import { describe, expect, it } from "vitest";
import { makeIdentity } from "@/features/names/age";
import { randomBytes, toBase64Url } from "@/features/names/bytes";
import { signPublic } from "@/features/names/sign";
import { boxForAnyone, boxForSeat, boxForStaff, codeOf, commitment, makeMediaKey, nextIndex, openBox, opens } from "./box";

const lesson = "01890a5d-ac96-774b-bcce-b302099a8057";

describe("a sealed key", () => {
  it("opens for its seat alone, under its own index and lesson", async () => {
    const pupil = await makeIdentity();
    const bind = randomBytes(32);
    const key = makeMediaKey();
    const box = await boxForSeat(key, lesson, 3, pupil.recipient, bind);
    const check = { kind: "bind", bind } as const;
    expect(await openBox(box, lesson, pupil.identity, check)).toEqual(key);
    expect(await openBox(box, lesson, (await makeIdentity()).identity, check)).toBe("damaged");
    expect(await openBox({ ...box, index: 4 }, lesson, pupil.identity, check)).toBe("mac");
    expect(await openBox(box, `${lesson}x`, pupil.identity, check)).toBe("mac");
    expect(await openBox({ ...box, index: 16 }, lesson, pupil.identity, check)).toBe("index");
  });

  it("is refused when the server slips in one of its own", async () => {
    const pupil = await makeIdentity();
    const bind = randomBytes(32);
    const theirs = await boxForAnyone(makeMediaKey(), 1, pupil.recipient);
    expect(await openBox(theirs, lesson, pupil.identity, { kind: "bind", bind })).toBe("mac");
    const guessed = await boxForSeat(makeMediaKey(), lesson, 1, pupil.recipient, randomBytes(32));
    expect(await openBox(guessed, lesson, pupil.identity, { kind: "bind", bind })).toBe("mac");
    // Their box under a mac that was seen for another.
    const good = await boxForSeat(makeMediaKey(), lesson, 1, pupil.recipient, bind);
    expect(await openBox({ ...theirs, mac: good.mac }, lesson, pupil.identity, { kind: "bind", bind })).toBe("mac");
  });

  it("is a colleague's only under a sign key that is trusted", async () => {
    const staff = await makeIdentity();
    const seed = randomBytes(32);
    const key = makeMediaKey();
    const box = await boxForStaff(key, lesson, 2, staff.recipient, seed);
    expect(await openBox(box, lesson, staff.identity, { kind: "signer", publicKey: signPublic(seed) })).toEqual(key);
    expect(await openBox(box, lesson, staff.identity, { kind: "signer", publicKey: signPublic(randomBytes(32)) })).toBe("signature");
    expect(await openBox({ ...box, signature: null }, lesson, staff.identity, { kind: "signer", publicKey: signPublic(seed) })).toBe("signature");
  });

  it("takes the places of the ring in turn, never the first", () => {
    expect([0, 1, 14, 15].map(nextIndex)).toEqual([1, 2, 15, 1]);
  });
});

describe("the security code", () => {
  it("is the same for the same key and recipients in any order, and another with a ghost or another key", async () => {
    const nonce = randomBytes(32);
    const key = makeMediaKey();
    const code = await codeOf(nonce, key, ["age1b", "age1a"]);
    expect(code).toMatch(/^\d{6}$/);
    expect(await codeOf(nonce, key, ["age1a", "age1b"])).toBe(code);
    const others = await Promise.all(Array.from({ length: 20 }, () => codeOf(nonce, makeMediaKey(), ["age1a", "age1b"])));
    expect(others.filter((other) => other !== code).length).toBeGreaterThanOrEqual(19);
    const ghosts = await Promise.all(Array.from({ length: 20 }, (_, i) => codeOf(nonce, key, ["age1a", "age1b", `age1ghost${i}`])));
    expect(ghosts.filter((other) => other !== code).length).toBeGreaterThanOrEqual(19);
  });

  it("computes as docs/protocol.md says", async () => {
    const zero = new Uint8Array(32);
    expect(await codeOf(zero, new Uint8Array(32).fill(1), ["age1a", "age1b"])).toBe("007868");
    expect(toBase64Url(await commitment(zero))).toBe("Zt5A8r2P8QOIOTJHpscr2E4cfHfXHipgFh9Gij-LUXM");
  });

  it("holds its maker to the nonce that was promised", async () => {
    const nonce = randomBytes(32);
    const promised = toBase64Url(await commitment(nonce));
    expect(await opens(promised, nonce)).toBe(true);
    expect(await opens(promised, randomBytes(32))).toBe(false);
    expect(await opens(promised, nonce.slice(0, 31))).toBe(false);
  });
});
