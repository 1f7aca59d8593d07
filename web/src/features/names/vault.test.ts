import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MemberRow, NamesApi, NewMember, NewNamesKey, SchoolNames } from "./api";
import { type PersonalKey, type StoredKey, makePersonalKey, sealPersonalKey } from "./personalKey";
import { makePhrase, phraseOf } from "./phrase";
import type { NameDraft, NameRecord, SignedRecord } from "./record";
import { makeSeatSecret } from "./seatSecret";
import { NamesVault } from "./vault";
import { livingSheet } from "./view";

/** A server in memory that keeps what it is given, and can be made to lie. */
class Server {
  stored = new Map<string, StoredKey>();
  key: SchoolNames["key"] = null;
  members: (MemberRow & { opens: string })[] = [];
  records = new Map<string, SignedRecord>();
  /** Everything that was sent, as text. */
  sent = "";
  #ids = 0;

  as(staffId: string): NamesApi {
    const heard = <T>(value: T): T => {
      this.sent += JSON.stringify(value);
      return structuredClone(value);
    };
    return {
      me: () => Promise.resolve(staffId),
      myKey: () => Promise.resolve(this.stored.get(staffId) ?? null),
      putMyKey: async (key) => void this.stored.set(staffId, heard(key)),
      school: () => Promise.resolve(this.#school(staffId)),
      createKey: async (_school, key) => this.#create(staffId, heard(key)),
      letIn: async (_school, member) => this.#letIn(staffId, heard(member)),
      restoreKey: () => Promise.reject(new Error("no earlier key")),
      putSheet: async (_school, sheet) => {
        const { recipient, wrapped } = heard(sheet);
        expect(sheet.keyId).toBe(this.key?.id);
        const old = this.members.find((m) => m.staffId === null && m.revokedAt === null)!;
        this.members.push({ ...old, id: `sheet-${++this.#ids}`, recipient, wrapped, storedAt: undefined });
        Object.assign(old, { revokedAt: 1, wrapped: null });
      },
      sheetStored: async (_school, id) => void Object.assign(this.members.find((m) => m.id === id)!, { storedAt: 1 }),
      remove: async (_school, id) => void Object.assign(this.members.find((m) => m.id === id)!, { revokedAt: 1 }),
      records: (_school, _group, after) => {
        const items = [...this.records.values()].filter((r) => r.seatId > (after ?? "")).sort((a, b) => (a.seatId < b.seatId ? -1 : 1));
        return Promise.resolve({ items: items.slice(0, 3), next: items.length > 3 ? items[2]!.seatId : undefined });
      },
      putRecords: async (_school, records) => this.#write(staffId, heard(records)),
      putFirstNames: () => Promise.resolve(),
      deleteFirstNames: () => Promise.resolve(),
    };
  }

  #school(staffId: string): SchoolNames {
    const mine = this.members.find((m) => m.staffId === staffId && m.revokedAt === null);
    const inside = new Set(this.members.filter((m) => m.revokedAt === null).map((m) => m.staffId));
    const waiting = [...this.stored].filter(([id]) => !inside.has(id)).map(([id, key]) => ({ staffId: id, name: id, recipient: key.recipient, signPub: key.signPub }));
    return structuredClone({ key: this.key, members: this.members, mine: mine ? { wrapped: mine.opens } : null, waiting });
  }

  #create(staffId: string, key: NewNamesKey): void {
    expect(key.replaces).toBe(this.key?.id);
    this.key = { id: `key-${++this.#ids}`, recipient: key.recipient, createdBy: staffId, createdAt: 0 };
    const row = { id: `member-${++this.#ids}`, endorsedBy: staffId, endorsement: null, until: null, revokedAt: null, createdAt: 0 };
    this.members = [
      { ...row, staffId, recipient: key.root.recipient, signPub: key.root.signPub, opens: key.root.wrapped },
      { ...row, id: "sheet", staffId: null, recipient: key.recovery.recipient, signPub: null, wrapped: key.recovery.wrapped, opens: "" },
    ];
  }

  #letIn(by: string, member: NewMember): void {
    const { wrapped, until = null, ...rest } = member;
    this.members.push({ ...rest, until, id: `member-${++this.#ids}`, endorsedBy: by, revokedAt: null, createdAt: 0, opens: wrapped });
  }

  #write(signerId: string, records: NameRecord[]): void {
    for (const record of records) {
      if (record.version !== (this.records.get(record.seatId)?.version ?? 0) + 1 || record.keyId !== this.key?.id) throw new Error("conflict");
      this.records.set(record.seatId, { ...record, signerId });
    }
  }
}

const school = "school-1";
const names = ["Abadie Zoé", "Lefèvre Chloé", "Ndiaye Ousmane", "Nguyễn Thị", "Œuvrard Max", "Łuczak Jan", "O’Brien Sean"];
const drafts = (version = 1): NameDraft[] =>
  names.map((name, i) => {
    const [last = "", first = ""] = name.split(" ");
    return { seatId: `seat-${i}`, version, last, first, secret: makeSeatSecret() };
  });

let server: Server;
beforeEach(() => (server = new Server()));

async function person(staffId: string): Promise<{ vault: NamesVault; key: PersonalKey; phrase: string }> {
  const vault = new NamesVault(server.as(staffId));
  const key = await makePersonalKey();
  const phrase = phraseOf(makePhrase());
  await vault.adopt(key, await sealPersonalKey(key, phrase, 8), false);
  await vault.school(school).start();
  return { vault, key, phrase };
}

async function written(): Promise<Awaited<ReturnType<typeof person>> & { sheet: { identity: string } }> {
  const head = await person("head");
  const sheet = await head.vault.school(school).createKey();
  await head.vault.school(school).write(drafts());
  return { ...head, sheet };
}

describe("the vault", () => {
  it("goes from nothing to names, and back when it is cleared", async () => {
    const head = await written();
    const { vault } = head;
    const at = vault.school(school);
    expect(at.view.status).toBe("ready");
    expect(at.name("seat-1")).toMatchObject({ last: "Lefèvre", first: "Chloé" });
    vault.clear();
    expect(at.name("seat-1")).toBeNull();
    await at.start();
    expect(at.view.status).toBe("locked");
    await expect(vault.unlock("abaisser abandon", false)).rejects.toMatchObject({ reason: "phrase_count" });
    await expect(vault.unlock("abaisser abandon xxxx abeille abolir aborder", false)).rejects.toMatchObject({ reason: "phrase_word" });
    await expect(vault.unlock(phraseOf(makePhrase()), false)).rejects.toMatchObject({ reason: "phrase" });
    await vault.unlock(head.phrase.toUpperCase(), false);
    expect(at.view.status).toBe("ready");
    await at.ensureLoaded([]);
    expect(at.view.count).toBe(names.length);
  });

  it("never sends a name, a phrase or a key that opens", async () => {
    const { key, phrase, vault } = await written();
    await vault.school(school).renewKey();
    await vault.school(school).rewrite();
    const secret = vault.school(school).name("seat-0")!.secret!;
    const forbidden = [...names.flatMap((name) => name.split(" ").filter((part) => part.length > 3)), phrase, key.identity, "AGE-SECRET-KEY", Buffer.from(key.signSeed).toString("base64url"), Buffer.from(secret).toString("base64url")];
    expect(server.sent.length).toBeGreaterThan(1000);
    for (const word of forbidden) expect(server.sent.includes(word), word).toBe(false);
  });

  it("lets a substitute read, until they are removed", async () => {
    const head = await written();
    const substitute = await person("sub");
    const at = substitute.vault.school(school);
    expect(at.view.status).toBe("waiting");
    await head.vault.school(school).refresh();
    const [waiting] = head.vault.school(school).view.server!.waiting;
    await head.vault.school(school).letIn({ ...waiting!, until: 900 });
    await at.refresh();
    expect(at.view.status).toBe("ready");
    expect(at.view.words).toEqual(head.vault.school(school).view.words);
    await at.ensureLoaded([]);
    expect(at.name("seat-0")).toMatchObject({ last: "Abadie" });
    await at.write([{ ...at.name("seat-0")!, first: "Zoée", version: 2 }]);

    await head.vault.school(school).refresh();
    await head.vault.school(school).remove(server.members.find((m) => m.staffId === "sub")!.id);
    await head.vault.school(school).reload([]);
    expect(head.vault.school(school).name("seat-0")).toMatchObject({ first: "Zoée" });
    await at.refresh();
    expect(at.view.status).toBe("waiting");
  });

  it("learns from a look who waits and who was let in, and keeps what is open", async () => {
    const head = await written();
    const at = head.vault.school(school);
    const teacher = await person("teacher");
    const theirs = teacher.vault.school(school);
    expect(theirs.view.status).toBe("waiting");
    expect(at.view.server!.waiting).toHaveLength(0);
    await at.look();
    expect(at.view).toMatchObject({ status: "ready", count: names.length });
    await at.letIn({ ...at.view.server!.waiting[0]!, until: null });
    await theirs.look();
    expect(theirs.view.status).toBe("ready");
    await theirs.ensureLoaded([]);
    const before = theirs.view;
    await theirs.look();
    expect(theirs.view, "nothing has changed").toBe(before);
    await at.remove(server.members.find((m) => m.staffId === "teacher")!.id);
    await theirs.look();
    expect(theirs.view).toMatchObject({ status: "waiting", count: 0 });
    expect(theirs.name("seat-0")).toBeNull();
  });

  it("keeps quiet when a look does not reach the server", async () => {
    const head = await written();
    const api = server.as("head");
    let broken = false;
    const other = new NamesVault({ ...api, school: (id) => (broken ? Promise.reject(new TypeError("network")) : api.school(id)) });
    await other.unlock(head.phrase, false);
    const at = other.school(school);
    await at.ensureLoaded([]);
    broken = true;
    const before = at.view;
    await at.look();
    expect(at.view).toBe(before);
  });

  it("finds people by name whatever the accents and the order", async () => {
    const { vault } = await written();
    const search = (text: string) => vault.school(school).search(text);
    expect(search("lefevre chl")).toEqual(["seat-1"]);
    expect(search("CHLOÉ LEF")).toEqual(["seat-1"]);
    expect(search("nguyen")).toEqual(["seat-3"]);
    expect(search("oeuvr")).toEqual(["seat-4"]);
    expect(search("luczak")).toEqual(["seat-5"]);
    expect(search("brien")).toEqual(["seat-6"]);
    expect(search("  ")).toEqual([]);
    expect(search("fevre")).toEqual([]);
  });

  it("refuses what a lying server shows, and keeps the rest", async () => {
    const head = await written();
    const stranger = await person("stranger");
    const [first, second] = [server.records.get("seat-0")!, server.records.get("seat-1")!];
    server.records.set("seat-0", { ...second, seatId: "seat-0" });
    server.records.set("seat-2", { ...server.records.get("seat-2")!, signerId: "stranger" });
    // A member that the server made up.
    server.members.push({ id: "m", staffId: "stranger", recipient: stranger.key.recipient, signPub: stranger.key.signPub, endorsedBy: "head", endorsement: "A".repeat(86), until: null, revokedAt: null, createdAt: 0, opens: "" });
    const other = new NamesVault(server.as("head"));
    await other.unlock(head.phrase, false);
    await other.school(school).ensureLoaded([]);
    const { view } = other.school(school);
    expect([...view.refused]).toEqual([["seat-0", "signature"], ["seat-2", "signer"]]);
    expect(view.count).toBe(names.length - 2);
    expect(other.school(school).version("seat-0")).toBe(1);

    server.records.set("seat-0", first);
    await other.school(school).write([{ ...drafts()[1]!, version: 2 }]);
    server.records.set("seat-1", second);
    await other.school(school).reload([]);
    expect([...other.school(school).view.refused]).toEqual([["seat-2", "signer"], ["seat-1", "version"]]);
  });

  it("tries again what a lost connection left out", async () => {
    const head = await written();
    const api = server.as("head");
    let broken = true;
    const other = new NamesVault({ ...api, records: (...args) => (broken ? Promise.reject(new TypeError("network")) : api.records(...args)) });
    await other.unlock(head.phrase, false);
    const at = other.school(school);
    await at.ensureLoaded(["group-1"]);
    expect(at.view.problem).toBeInstanceOf(TypeError);
    expect(at.view.count).toBe(0);
    broken = false;
    await at.retry();
    expect(at.view.problem).toBeNull();
    expect(at.view.count).toBe(names.length);
  });

  it("refuses another names key than the recipient that it opens", async () => {
    const head = await written();
    server.key = { ...server.key!, recipient: (await makePersonalKey()).recipient };
    await head.vault.school(school).refresh();
    expect(head.vault.school(school).view.problem).toMatchObject({ reason: "key_mismatch" });
  });

  it("asks before it believes another names key than the one accepted on this device", async () => {
    const kept = new Map<string, string>();
    vi.stubGlobal("localStorage", { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v), removeItem: (k: string) => void kept.delete(k) });
    try {
      const head = await written();
      const teacher = await person("teacher");
      const at = teacher.vault.school(school);
      const letIn = async () => {
        await head.vault.school(school).refresh();
        await head.vault.school(school).letIn({ ...head.vault.school(school).view.server!.waiting[0]!, until: null });
      };
      await letIn();
      await at.refresh();
      expect(at.view.status).toBe("ready");
      await head.vault.school(school).replaceLostKey();
      await letIn();
      await at.refresh();
      expect(at.view.status).toBe("changed");
      expect(at.view.words).toEqual(head.vault.school(school).view.words);
      await expect(at.seal(drafts())).rejects.toMatchObject({ reason: "locked" });
      await at.acceptChangedKey();
      expect(at.view.status).toBe("ready");
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("renews the key: everything is written again and others are let in anew", async () => {
    const head = await written();
    const teacher = await person("teacher");
    const at = head.vault.school(school);
    await at.refresh();
    await at.letIn({ ...at.view.server!.waiting[0]!, until: null });
    await teacher.vault.school(school).refresh();
    await teacher.vault.school(school).write([{ ...drafts()[0]!, seatId: "seat-0", version: 2 }]);

    const words = at.view.words;
    await at.renewKey();
    expect(at.view.words).not.toEqual(words);
    expect(at.outdated()).toHaveLength(names.length);
    await at.rewrite();
    expect(at.outdated()).toHaveLength(0);
    expect([...server.records.values()].every((r) => r.keyId === server.key!.id && r.signerId === "head")).toBe(true);
    expect(server.records.get("seat-0")!.version).toBe(3);
    await teacher.vault.school(school).refresh();
    expect(teacher.vault.school(school).view.status).toBe("waiting");
  });

  it("takes names back with the printed sheet", async () => {
    const { sheet } = await written();
    const newcomer = await person("newcomer");
    const at = newcomer.vault.school(school);
    await expect(at.readSheet((await makePersonalKey()).identity)).rejects.toMatchObject({ reason: "damaged" });
    const { key } = await at.readSheet(sheet.identity.toLowerCase());
    await at.recover(key);
    await at.rewrite();
    expect(at.view).toMatchObject({ status: "ready", count: names.length });
    expect(at.name("seat-6")).toMatchObject({ first: "Sean" });
    expect(at.view.refused.size).toBe(0);
  });

  it("makes another sheet for the same key, and the one before opens nothing", async () => {
    const head = await written();
    const at = head.vault.school(school);
    await at.sheetStored();
    expect(livingSheet(at.view.server)?.storedAt).toBe(1);
    const { words } = at.view;
    const sheet = await at.newSheet();
    expect(at.view).toMatchObject({ status: "ready", words, count: names.length });
    expect(livingSheet(at.view.server)?.storedAt).toBeUndefined();
    await expect(at.readSheet(head.sheet.identity)).rejects.toMatchObject({ reason: "damaged" });
    expect(await at.readSheet(sheet.identity)).toMatchObject({ words });
    expect(server.sent.includes(sheet.identity)).toBe(false);
  });

  it("starts again where every key is lost: names are retyped on their seats", async () => {
    await written();
    const newcomer = await person("newcomer");
    const at = newcomer.vault.school(school);
    await at.replaceLostKey();
    await at.ensureLoaded([]);
    expect(at.view.count).toBe(0);
    expect(at.view.refused.size).toBe(names.length);
    await at.write([{ seatId: "seat-0", last: "Abadie", first: "Zoé", secret: null, version: at.version("seat-0") + 1 }]);
    expect(at.name("seat-0")).toMatchObject({ last: "Abadie", secret: null });
    expect(at.view.refused.has("seat-0")).toBe(false);
    expect(server.records.get("seat-0")!.version).toBe(2);
  });
});
