/** A school's names in this tab: access, trust, and the names opened so far. */
import { keepSeenVersions, pinWords, pinnedWords, seenVersions } from "./device";
import type { NewMember, SchoolNames } from "./api";
import { type OnProgress, openRecords } from "./bulk";
import { readIdentity } from "./age";
import { fromBase64Url, toBase64Url } from "./bytes";
import { NamesError } from "./error";
import { schoolWords } from "./fingerprint";
import { type NamesKey, type RecoverySheet, makeNamesKey, makeRecoverySheet, unwrapNamesKey, wrapNamesKey } from "./namesKey";
import { makeRecordsOffThread, openRecordsOffThread } from "./offThread";
import type { NameDraft, NameRecord, OpenedName, SignedRecord } from "./record";
import { matches, searchable } from "./search";
import { type Endorsed, type Trust, type TrustedSigner, chainOfTrust, endorse } from "./trust";
import type { NamesVault } from "./vault";
import { livingSheet, type NamesStatus, type NamesView, nothing } from "./view";

/** The server takes at most this many records at once. */
const BATCH = 500;

interface Known extends OpenedName {
  searchable: string;
}

export class SchoolVault {
  readonly #vault: NamesVault;
  readonly id: string;
  readonly #listeners = new Set<() => void>();
  readonly #names = new Map<string, Known>();
  readonly #loads = new Map<string, Promise<void>>();
  readonly #failed = new Set<string>();
  #seen = new Map<string, number>();
  #key: NamesKey | null = null;
  #trust: Trust = new Map();
  /** Signers of the key that a renewal replaced, until all its records are written again. */
  #formerTrust: Trust = new Map();
  /** The newest version that the server has of each seat's record, opened or not. */
  readonly #latest = new Map<string, number>();
  #starting: Promise<void> | null = null;
  #rewriting: Promise<void> | null = null;
  /** Grows when what is known is thrown away, so that work begun before does not come back. */
  #era = 0;
  /** Grows with each change that this tab makes to access, so that a look begun before is not taken. */
  #turn = 0;
  view: NamesView = nothing;

  constructor(vault: NamesVault, id: string) {
    this.#vault = vault;
    this.id = id;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Whether the person's own key is closed: nothing can be made or let in. */
  get locked(): boolean {
    return this.#vault.key === null;
  }

  /** Who is signed in. */
  get me(): string | null {
    return this.#vault.staffId;
  }

  readonly snapshot = (): NamesView => this.view;

  #show(change: Partial<NamesView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Fetches the state of access once. */
  start(): Promise<void> {
    this.#starting ??= this.refresh();
    return this.#starting;
  }

  async refresh(): Promise<void> {
    const era = this.#era;
    this.#turn++;
    try {
      await this.#vault.begin();
      const server = await this.#vault.api.school(this.id);
      if (era !== this.#era) return;
      await this.#take(server);
    } catch (problem) {
      if (era === this.#era) this.#show({ problem });
    }
  }

  /** Takes what the server says of access now, when it has changed; what is open stays open. Without the network, says nothing. */
  async look(): Promise<void> {
    const turn = this.#turn;
    const before = this.view.server;
    if (before === null) return;
    const server = await this.#vault.api.school(this.id).catch(() => null);
    if (server === null || turn !== this.#turn || JSON.stringify(server) === JSON.stringify(before)) return;
    await this.#take(server).catch((problem: unknown) => this.#show({ problem }));
  }

  async #take(server: SchoolNames): Promise<void> {
    const { key, stored, staffId } = this.#vault;
    const base = { server, hasKey: stored !== null, problem: null, own: this.#vault.own };
    const closed = (status: NamesStatus) => {
      this.#key = null;
      this.#show({ ...base, status });
    };
    if (!server.key || !stored || staffId === null) return closed("none");
    if (!server.mine) {
      this.#forgetNames();
      return closed("waiting");
    }
    if (!key) return closed("locked");
    const wrapped = fromBase64Url(server.mine.wrapped);
    if (!wrapped) throw new NamesError("damaged");
    const names = await unwrapNamesKey(wrapped, key.identity, this.id);
    if (names.recipient !== server.key.recipient) throw new NamesError("key_mismatch");
    const words = await schoolWords(this.id, names.recipient, names.root);
    const pinned = pinnedWords(staffId, this.id);
    if (pinned !== null && pinned !== words.join(" ")) {
      this.#key = null;
      this.#show({ ...base, status: "changed", words });
      return;
    }
    if (pinned === null) pinWords(staffId, this.id, words.join(" "));
    this.#key = names;
    this.#trust = joined(this.#formerTrust, chainOfTrust(this.id, names.root, server.members));
    if (this.#vault.own && this.#seen.size === 0) this.#seen = await seenVersions(this.id);
    this.#show({ ...base, status: "ready", words });
  }

  /** Accepts the names key that the school now shows, its words having been compared. */
  async acceptChangedKey(): Promise<void> {
    const { staffId } = this.#vault;
    if (staffId === null || this.view.status !== "changed" || !this.view.words) return;
    pinWords(staffId, this.id, this.view.words.join(" "));
    this.#forgetNames();
    await this.refresh();
  }

  /** Fetches, verifies and opens the names of these groups, or of the whole school when none is given. */
  async ensureLoaded(groups: readonly string[]): Promise<void> {
    await this.start();
    if (this.view.status !== "ready" || this.#loads.has("")) return this.#loads.get("");
    const wanted = groups.length === 0 ? [""] : groups;
    await Promise.all(
      wanted.map((group) => {
        const load = this.#loads.get(group) ?? this.#load(group);
        this.#loads.set(group, load);
        return load.catch((problem: unknown) => {
          this.#loads.delete(group);
          this.#failed.add(group);
          this.#show({ problem, progress: null });
        });
      }),
    );
  }

  /** Tries again what failed. */
  async retry(): Promise<void> {
    const failed = [...this.#failed];
    this.#failed.clear();
    await this.refresh();
    if (failed.length > 0) await this.ensureLoaded(failed.includes("") ? [] : failed);
  }

  /** Fetches again what was loaded, after others wrote. */
  async reload(groups: readonly string[]): Promise<void> {
    this.#loads.clear();
    await this.refresh();
    await this.ensureLoaded(groups);
  }

  async #load(group: string): Promise<void> {
    const era = this.#era;
    const key = this.#key;
    if (!key) throw new NamesError("locked");
    let after: string | null = null;
    do {
      const page = await this.#vault.api.records(this.id, group || null, after);
      if (era !== this.#era) return;
      await this.#open(key, page.items);
      after = page.next || null;
    } while (after !== null);
    if (this.#vault.own) await keepSeenVersions(this.id, this.#seen);
  }

  async #open(key: NamesKey, items: SignedRecord[]): Promise<void> {
    const era = this.#era;
    for (const { seatId, version } of items) this.#latest.set(seatId, version);
    const records = items.filter((record) => this.#names.get(record.seatId)?.version !== record.version);
    if (records.length === 0) return;
    const job = { school: this.id, trust: this.#trust, identities: [key.identity, ...key.previous], records, seen: this.#seen };
    const few = records.length <= 40;
    const onProgress: OnProgress = (done, total) => era === this.#era && !few && this.#show({ progress: { done, total } });
    const { opened, refused } = await (few ? openRecords : openRecordsOffThread)(job, { onProgress });
    if (era !== this.#era) return;
    const bad = new Map(this.view.refused);
    for (const one of opened) {
      this.#learn(one);
      bad.delete(one.seatId);
    }
    for (const { seatId, reason } of refused) bad.set(seatId, reason);
    this.#show({ progress: null, refused: bad, count: this.#names.size });
  }

  #learn(one: OpenedName): void {
    this.#names.set(one.seatId, { ...one, searchable: searchable(`${one.first} ${one.last} ${one.first}`) });
    this.#seen.set(one.seatId, one.version);
  }

  name(seatId: string): Known | null {
    return this.#names.get(seatId) ?? null;
  }

  /** The sign keys of somebody who is let in now, as the circle vouches for them. */
  signersOf(staffId: string): readonly TrustedSigner[] {
    const now = Date.now();
    const here = new Set(this.view.server?.members.filter((m) => m.staffId === staffId && m.revokedAt === null).map((m) => m.signPub));
    return (this.#trust.get(staffId) ?? []).filter((signer) => here.has(signer.signPub) && (signer.until === null || signer.until > now));
  }

  /** The recipients of those who let others in: whoever made the names key, and all who have endorsed somebody. */
  managers(): string[] {
    const members = this.view.server?.members ?? [];
    const endorsers = new Set(members.map((m) => m.endorsedBy));
    const managing = members.filter((m) => m.staffId !== null && m.revokedAt === null && (m.signPub === this.#key?.root || endorsers.has(m.id) || endorsers.has(m.staffId)));
    return [...new Set(managing.flatMap((m) => this.signersOf(m.staffId ?? "").filter((s) => s.signPub === m.signPub).map((s) => s.recipient)))];
  }

  /** The newest version known of a seat's record, 0 when it has none. */
  version(seatId: string): number {
    return Math.max(this.#seen.get(seatId) ?? 0, this.#latest.get(seatId) ?? 0);
  }

  /** All that is opened, in no order. */
  all(): OpenedName[] {
    return [...this.#names.values()];
  }

  search(text: string): string[] {
    const wanted = searchable(text).split(" ").filter((word) => word !== "");
    if (wanted.length === 0) return [];
    return [...this.#names.values()].filter((one) => matches(one.searchable, wanted)).map((one) => one.seatId);
  }

  /** Seals and signs records. They are not sent: `write` does, or an import carries them. */
  seal(drafts: readonly NameDraft[], onProgress?: OnProgress, signal?: AbortSignal): Promise<NameRecord[]> {
    const person = this.#vault.key;
    const keyId = this.view.server?.key?.id;
    if (!this.#key || !person || !keyId) return Promise.reject(new NamesError("locked"));
    const writer = { school: this.id, keyId, recipient: this.#key.recipient, seed: person.signSeed };
    return makeRecordsOffThread(writer, drafts, { onProgress, signal });
  }

  /** Remembers names that the server has just acknowledged. */
  learn(drafts: readonly NameDraft[]): void {
    const keyId = this.view.server?.key?.id ?? "";
    for (const { seatId, version, last, first, secret } of drafts) this.#learn({ seatId, version, last, first, secret, keyId });
    const refused = new Map(this.view.refused);
    for (const { seatId } of drafts) refused.delete(seatId);
    this.#show({ count: this.#names.size, refused });
  }

  /** Seals, signs and sends in batches; what is acknowledged is remembered even when a later batch fails. */
  async write(drafts: readonly NameDraft[], onProgress?: OnProgress, signal?: AbortSignal): Promise<void> {
    const records = await this.seal(drafts, onProgress, signal);
    for (let i = 0; i < records.length; i += BATCH) {
      await this.#vault.api.putRecords(this.id, records.slice(i, i + BATCH));
      this.learn(drafts.slice(i, i + BATCH));
    }
    if (this.#vault.own) await keepSeenVersions(this.id, this.#seen);
  }

  /** Makes the school's first names key; gives the sheet to print. */
  createKey(): Promise<RecoverySheet> {
    return this.#install(null);
  }

  /** A new key where every other is lost: names will be retyped. */
  replaceLostKey(): Promise<RecoverySheet> {
    this.#forgetNames();
    return this.#install(null);
  }

  /**
   * Makes a new key in place of the present one. Everybody else has to be let
   * in again, and `rewrite` has to follow.
   */
  async renewKey(): Promise<RecoverySheet> {
    await this.reload([]);
    if (!this.#key || this.view.problem !== null) throw this.view.problem ?? new NamesError("locked");
    this.#formerTrust = this.#trust;
    return this.#install(this.#key);
  }

  /** Opens the present key with a printed sheet and gives its words, to compare with those printed beside it. */
  async readSheet(paper: string): Promise<{ key: NamesKey; words: string[] }> {
    const wrapped = fromBase64Url(livingSheet(this.view.server)?.wrapped ?? "");
    if (!wrapped) throw new NamesError("damaged");
    const { identity } = await readIdentity(paper);
    const key = await unwrapNamesKey(wrapped, identity, this.id);
    if (key.recipient !== this.view.server?.key?.recipient) throw new NamesError("key_mismatch");
    return { key, words: await schoolWords(this.id, key.recipient, key.root) };
  }

  /** Makes a new key with the one that a printed sheet opened; `rewrite` has to follow. Gives the sheet that replaces the old one. */
  async recover(key: NamesKey): Promise<RecoverySheet> {
    this.#formerTrust = chainOfTrust(this.id, key.root, this.view.server?.members ?? []);
    return this.#install(key);
  }

  /** Another sheet for the present key: the one before opens nothing more. */
  async newSheet(): Promise<RecoverySheet> {
    const keyId = this.view.server?.key?.id;
    if (!this.#key || !keyId) throw new NamesError("locked");
    const sheet = await makeRecoverySheet(this.#key);
    await this.#vault.api.putSheet(this.id, { keyId, recipient: sheet.recipient, wrapped: sheet.wrapped });
    await this.refresh();
    return sheet;
  }

  /** Tells the server that the present sheet is printed and stored. */
  async sheetStored(): Promise<void> {
    const sheet = livingSheet(this.view.server);
    if (sheet) await this.#vault.api.sheetStored(this.id, sheet.id);
    await this.refresh();
  }

  /** Writes again, under the present key, every name that is still under one it replaced. One at a time. */
  rewrite(onProgress?: OnProgress): Promise<void> {
    this.#rewriting ??= this.#rewrite(onProgress).finally(() => (this.#rewriting = null));
    return this.#rewriting;
  }

  async #rewrite(onProgress?: OnProgress): Promise<void> {
    this.#loads.clear();
    await this.ensureLoaded([]);
    if (this.view.status !== "ready" || this.view.problem !== null) throw this.view.problem ?? new NamesError("locked");
    await this.write(this.outdated(), onProgress);
    this.#formerTrust = new Map();
  }

  /** Names still under a replaced key, as drafts of their next version. */
  outdated(): NameDraft[] {
    const keyId = this.view.server?.key?.id;
    return this.all()
      .filter((one) => one.keyId !== keyId)
      .map(({ seatId, last, first, secret }) => ({ seatId, last, first, secret, version: this.version(seatId) + 1 }));
  }

  async #install(former: NamesKey | null): Promise<RecoverySheet> {
    const { key: person, staffId } = this.#vault;
    if (!person || staffId === null) throw new NamesError("locked");
    this.#turn++;
    const key = await makeNamesKey(this.id, person.signPub, former ?? undefined);
    const recovery = await makeRecoverySheet(key);
    await this.#vault.api.createKey(this.id, {
      recipient: key.recipient,
      replaces: this.view.server?.key?.id,
      root: { staffId, recipient: person.recipient, signPub: person.signPub, wrapped: toBase64Url(await wrapNamesKey(key, person.recipient)) },
      recovery: { recipient: recovery.recipient, wrapped: recovery.wrapped },
    });
    pinWords(staffId, this.id, (await schoolWords(this.id, key.recipient, key.root)).join(" "));
    this.#loads.clear();
    await this.refresh();
    return recovery;
  }

  /** Lets somebody in: their words have been compared with them. */
  async letIn(who: Endorsed): Promise<void> {
    const person = this.#vault.key;
    if (!this.#key || !person) throw new NamesError("locked");
    const { staffId, recipient, signPub, until } = who;
    const member: NewMember = {
      staffId,
      recipient,
      signPub,
      until,
      wrapped: toBase64Url(await wrapNamesKey(this.#key, who.recipient)),
      endorsement: endorse(person.signSeed, this.id, { staffId, recipient, signPub, until }),
    };
    await this.#vault.api.letIn(this.id, member);
    await this.refresh();
  }

  async remove(memberId: string): Promise<void> {
    await this.#vault.api.remove(this.id, memberId);
    await this.refresh();
  }

  /** Puts back the key that the present one replaced. */
  async restoreKey(key: string): Promise<void> {
    await this.#vault.api.restoreKey(this.id, key);
    await this.refresh();
  }

  #forgetNames(): void {
    this.#era++;
    this.#names.clear();
    this.#loads.clear();
    this.#failed.clear();
    this.#latest.clear();
    this.#show({ refused: new Map(), progress: null, count: 0 });
  }

  clear(): void {
    this.#forgetNames();
    this.#seen = new Map();
    this.#key = null;
    this.#trust = new Map();
    this.#formerTrust = new Map();
    this.#starting = null;
    this.#show(nothing);
  }
}

function joined(a: Trust, b: Trust): Trust {
  const both = new Map(a);
  for (const [staffId, signers] of b) both.set(staffId, [...(both.get(staffId) ?? []), ...signers]);
  return both;
}
