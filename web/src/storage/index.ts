/**
 * The only place that touches localStorage, sessionStorage, IndexedDB and
 * document.cookie. Each key is declared in keys.ts. A browser that refuses
 * storage (private mode, full disk) is treated as an empty one.
 */
import type { DBSchema, IDBPDatabase } from "idb";
import type { Area, Key } from "./keys";

export { type DraftsOnDevice, keys, type Key, type QuestionsOnDevice, type SittingOnDevice, type TurnOnDevice } from "./keys";
export { forgetPage, keepPage } from "./pages";

type Plain = Exclude<Area, "idb" | "cache">;

const YEAR_SECONDS = 365 * 24 * 3600;

function webStorage(area: Area): Storage | null {
  try {
    return area === "session" ? globalThis.sessionStorage : globalThis.localStorage;
  } catch {
    return null;
  }
}

function readCookie(name: string): string | null {
  for (const part of document.cookie.split(";")) {
    const [k, v] = part.trim().split("=");
    if (k === name && v) return decodeURIComponent(v);
  }
  return null;
}

function assertPlain(area: Area): asserts area is Plain {
  if (area === "idb" || area === "cache") throw new TypeError("no plain text: see readLarge, writeLarge and pages.ts");
}

/** What is kept under a key, or null when there is nothing readable. */
export function read<T>(key: Key<T>): T | null {
  assertPlain(key.area);
  if (key.area === "cookie") return readCookie(key.name) as T | null;
  try {
    const raw = webStorage(key.area)?.getItem(key.name);
    return raw ? (JSON.parse(raw) as T) : null;
  } catch {
    return null;
  }
}

/** Keeps a value. Answers false when the browser refuses. */
export function write<T>(key: Key<T>, value: T): boolean {
  assertPlain(key.area);
  if (key.area === "cookie") {
    document.cookie = `${key.name}=${encodeURIComponent(String(value))}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    return true;
  }
  try {
    const store = webStorage(key.area);
    store?.setItem(key.name, JSON.stringify(value));
    return store !== null;
  } catch {
    return false;
  }
}

/** Forgets a key. */
export function remove<T>(key: Key<T>): void {
  assertPlain(key.area);
  if (key.area === "cookie") {
    document.cookie = `${key.name}=; path=/; max-age=0; samesite=lax`;
    return;
  }
  try {
    webStorage(key.area)?.removeItem(key.name);
  } catch {
    // A browser that refuses storage keeps nothing: there is nothing to forget.
  }
}

interface Large extends DBSchema {
  values: { key: string; value: unknown };
}

let database: Promise<IDBPDatabase<Large>> | null = null;

function open(): Promise<IDBPDatabase<Large>> {
  database ??= import("idb").then(({ openDB }) =>
    openDB<Large>("preau", 1, { upgrade: (db) => void db.createObjectStore("values") }),
  );
  database.catch(() => (database = null));
  return database;
}

/** What is kept in IndexedDB under a key, or null. Fails when the browser refuses. */
export async function readLarge<T>(key: Key<T>): Promise<T | null> {
  return ((await (await open()).get("values", key.name)) as T | undefined) ?? null;
}

/** Keeps a structured value in IndexedDB. Fails when the browser refuses. */
export async function writeLarge<T>(key: Key<T>, value: T): Promise<void> {
  await (await open()).put("values", value, key.name);
}

/** Whether IndexedDB has anything of ours: to open a database makes it, and a shared device is left as it was found. */
async function hasLarge(): Promise<boolean> {
  return database !== null || (await indexedDB.databases()).some(({ name }) => name === "preau");
}

/** Forgets a key of IndexedDB. */
export async function removeLarge<T>(key: Key<T>): Promise<void> {
  if (!(await hasLarge())) return;
  await (await open()).delete("values", key.name);
}
