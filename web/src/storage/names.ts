/**
 * What names keep in the browser: the personal key on a device of one's own,
 * wrapped by an AES-GCM key that scripts can use but not read, the newest
 * version seen of each record, and the words of accepted names keys.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";

interface OwnKey {
  staffId: string;
  wrapper: CryptoKey;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

interface NamesDb extends DBSchema {
  own: { key: string; value: OwnKey };
  seen: { key: string; value: { school: string; versions: Map<string, number> } };
}

const PINS = "preau-names-pins";

/** Runs on the database and closes it. Null where the browser allows none (private windows). */
async function withDb<T>(use: (db: IDBPDatabase<NamesDb>) => Promise<T>): Promise<T | null> {
  if (typeof indexedDB === "undefined") return null;
  let db: IDBPDatabase<NamesDb>;
  try {
    db = await openDB<NamesDb>("preau-names", 1, {
      upgrade(fresh) {
        fresh.createObjectStore("own", { keyPath: "staffId" });
        fresh.createObjectStore("seen", { keyPath: "school" });
      },
    });
  } catch {
    return null;
  }
  try {
    return await use(db);
  } finally {
    db.close();
  }
}

/** Keeps a person's key on this device. False when the browser keeps nothing. */
export async function keepOwnKey(staffId: string, secret: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const wrapper = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, wrapper, secret);
  const kept = await withDb(async (db) => {
    await db.put("own", { staffId, wrapper, iv, sealed });
    return true;
  });
  return kept ?? false;
}

/** The key kept for this person, or null. What no longer opens is removed. */
export async function ownKey(staffId: string): Promise<Uint8Array<ArrayBuffer> | null> {
  return withDb(async (db) => {
    const kept = await db.get("own", staffId);
    if (!kept) return null;
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, kept.wrapper, kept.sealed));
    } catch {
      await db.delete("own", staffId);
      return null;
    }
  });
}

/** Forgets the person's key and all that was seen with it. */
export async function forgetOwnKey(staffId: string): Promise<void> {
  await withDb(async (db) => {
    await db.delete("own", staffId);
    await db.clear("seen");
  });
  writePins(Object.fromEntries(Object.entries(readPins()).filter(([name]) => !name.startsWith(`${staffId} `))));
}

/** The newest version seen on this device of each of a school's records. */
export async function seenVersions(school: string): Promise<Map<string, number>> {
  const kept = await withDb((db) => db.get("seen", school));
  return kept?.versions ?? new Map();
}

export async function keepSeenVersions(school: string, versions: ReadonlyMap<string, number>): Promise<void> {
  await withDb((db) => db.put("seen", { school, versions: new Map(versions) }));
}

/** The words accepted by this person for this school's names key, or null. */
export function pinnedWords(staffId: string, school: string): string | null {
  return readPins()[`${staffId} ${school}`] ?? null;
}

export function pinWords(staffId: string, school: string, words: string): void {
  writePins({ ...readPins(), [`${staffId} ${school}`]: words });
}

function readPins(): Record<string, string> {
  try {
    const pins = JSON.parse(localStorage.getItem(PINS) ?? "{}") as unknown;
    return typeof pins === "object" && pins !== null ? (pins as Record<string, string>) : {};
  } catch {
    return {};
  }
}

function writePins(pins: Record<string, string>): void {
  try {
    localStorage.setItem(PINS, JSON.stringify(pins));
  } catch {
    // A browser that keeps nothing pins nothing: the words are compared again.
  }
}
