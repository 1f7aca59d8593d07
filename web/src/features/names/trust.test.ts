import { beforeAll, describe, expect, it } from "vitest";
import { type PersonalKey, makePersonalKey } from "./personalKey";
import { type NamesMember, chainOfTrust, endorse } from "./trust";

const school = "school-1";
let head: PersonalKey, teacher: PersonalKey, substitute: PersonalKey, stranger: PersonalKey;

beforeAll(async () => {
  [head, teacher, substitute, stranger] = await Promise.all([makePersonalKey(), makePersonalKey(), makePersonalKey(), makePersonalKey()]);
});

function row(staffId: string, key: PersonalKey, by: { id: string; key: PersonalKey } | null, until: number | null = null): NamesMember {
  const who = { staffId, recipient: key.recipient, signPub: key.signPub, until };
  return {
    id: `member-${staffId}`,
    ...who,
    endorsedBy: by?.id ?? null,
    endorsement: by ? endorse(by.key.signSeed, school, who) : null,
    revokedAt: null,
  };
}

describe("chain of trust", () => {
  it("reaches from the root through those it let in, in any order", () => {
    const rows = [row("sub", substitute, { id: "teacher", key: teacher }, 500), row("teacher", teacher, { id: "head", key: head }), row("head", head, null)];
    const trust = chainOfTrust(school, head.signPub, rows);
    expect([...trust.keys()].sort()).toEqual(["head", "sub", "teacher"]);
    expect(trust.get("sub")![0]!.until).toBe(500);
  });

  it("also names endorsers by their row", () => {
    const rows = [row("head", head, null), { ...row("teacher", teacher, { id: "head", key: head }), endorsedBy: "member-head" }];
    expect(chainOfTrust(school, head.signPub, rows).has("teacher")).toBe(true);
  });

  it("lets nobody endorse beyond their own date", () => {
    const rows = [row("head", head, null), row("sub", substitute, { id: "head", key: head }, 500), row("teacher", teacher, { id: "sub", key: substitute }, 900)];
    expect(chainOfTrust(school, head.signPub, rows).get("teacher")![0]!.until).toBe(500);
  });

  it("trusts nobody when two people are said to hold the root's key", () => {
    const rows = [row("head", head, null), row("teacher", teacher, { id: "head", key: head }), { ...row("head", head, null), id: "member-other", staffId: "other" }];
    expect(chainOfTrust(school, head.signPub, rows).size).toBe(0);
  });

  it("stops at whatever was altered", () => {
    const good = row("teacher", teacher, { id: "head", key: head }, 500);
    const cases: Record<string, NamesMember> = {
      "another date": { ...good, until: 900 },
      "no date": { ...good, until: null },
      "another person": { ...good, staffId: "other" },
      "another sign key": { ...good, signPub: stranger.signPub },
      "another recipient": { ...good, recipient: stranger.recipient },
      "an endorser who did not sign": row("teacher", teacher, { id: "head", key: stranger }),
      "an endorser nobody knows": row("teacher", teacher, { id: "stranger", key: stranger }),
      "their own endorsement": row("teacher", teacher, { id: "teacher", key: teacher }),
      "no endorsement": row("teacher", teacher, null),
    };
    for (const [name, altered] of Object.entries(cases)) {
      const trust = chainOfTrust(school, head.signPub, [row("head", head, null), altered]);
      expect([...trust.keys()], name).toEqual(["head"]);
    }
    expect(chainOfTrust("school-2", head.signPub, [row("head", head, null), good]).has("teacher")).toBe(false);
    expect(chainOfTrust(school, stranger.signPub, [row("head", head, null), good]).size).toBe(0);
  });

  it("ends when two endorse each other", () => {
    const rows = [row("teacher", teacher, { id: "stranger", key: stranger }), row("stranger", stranger, { id: "teacher", key: teacher })];
    expect(chainOfTrust(school, head.signPub, rows).size).toBe(0);
  });

  it("leaves the recovery sheet out", () => {
    const sheet: NamesMember = { ...row("x", stranger, { id: "head", key: head }), staffId: null, signPub: null };
    expect(chainOfTrust(school, head.signPub, [row("head", head, null), sheet]).size).toBe(1);
  });
});
