/**
 * What is known of names in this tab: the person's key once unlocked, and per
 * school the names that were fetched, verified and opened. Memory only, except
 * on a device marked as one's own.
 */
import { forgetOwnKey, keepOwnKey, ownKey } from "./device";
import type { NamesApi } from "./api";
import { fromUtf8, utf8 } from "./bytes";
import { type PersonalKey, type StoredKey, personalKeyFromJson, personalKeyJson } from "./personalKey";
import { run } from "./offThread";
import { NamesError } from "./error";
import { readPhrase } from "./phrase";
import { SchoolVault } from "./schoolVault";

export class NamesVault {
  readonly api: NamesApi;
  readonly #schools = new Map<string, SchoolVault>();
  #opening: Promise<void> | null = null;
  staffId: string | null = null;
  stored: StoredKey | null = null;
  key: PersonalKey | null = null;
  /** Whether this device keeps the key. */
  own = false;
  /** Groups whose pupils are to see first names, chosen in this tab: those who come later are served whenever the group's page is open. */
  readonly sharing = new Set<string>();

  constructor(api: NamesApi) {
    this.api = api;
  }

  school(id: string): SchoolVault {
    const known = this.#schools.get(id);
    if (known) return known;
    const fresh = new SchoolVault(this, id);
    this.#schools.set(id, fresh);
    return fresh;
  }

  /** Learns who is signed in and, on a device of their own, takes their key. */
  begin(): Promise<void> {
    this.#opening ??= this.#begin().catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }

  async #begin(): Promise<void> {
    [this.staffId, this.stored] = await Promise.all([this.api.me(), this.api.myKey()]);
    if (!this.stored) return;
    const kept = await ownKey(this.staffId);
    if (!kept) return;
    const key = await personalKeyFromJson(fromUtf8(kept)).catch(() => null);
    if (!key || key.recipient !== this.stored.recipient || key.signPub !== this.stored.signPub) {
      await forgetOwnKey(this.staffId);
      return;
    }
    this.key = key;
    this.own = true;
  }

  /** Opens the person's key with their phrase; `own` keeps it on this device. */
  async unlock(phrase: string, own: boolean): Promise<void> {
    await this.begin();
    const read = readPhrase(phrase);
    if (!read.ok) throw new NamesError(read.why === "count" ? "phrase_count" : "phrase_word");
    if (!this.stored) throw new NamesError("locked");
    this.key = await run({ kind: "openKey", stored: this.stored, phrase: read.phrase });
    await this.#keep(own);
  }

  /** Takes a key that was just made here, once the server has its sealed form. */
  async adopt(key: PersonalKey, stored: StoredKey, own: boolean): Promise<void> {
    await this.begin();
    await this.api.putMyKey(stored);
    this.stored = stored;
    this.key = key;
    await this.#keep(own);
  }

  async #keep(own: boolean): Promise<void> {
    const staffId = this.staffId;
    if (staffId === null || !this.key) return;
    this.own = own && (await keepOwnKey(staffId, utf8(personalKeyJson(this.key))));
    await Promise.all([...this.#schools.values()].map((school) => school.refresh()));
  }

  /** Forgets every name and key in memory, as leaving does; what the device keeps stays. */
  clear(): void {
    this.sharing.clear();
    this.key = null;
    this.stored = null;
    this.staffId = null;
    this.own = false;
    this.#opening = null;
    for (const school of this.#schools.values()) school.clear();
  }

  /** Also removes what this device keeps: the phrase will be asked again. */
  async forgetDevice(): Promise<void> {
    if (this.staffId !== null) await forgetOwnKey(this.staffId);
    this.key = null;
    this.own = false;
    for (const school of this.#schools.values()) school.clear();
    await Promise.all([...this.#schools.values()].map((school) => school.refresh()));
  }
}
