/**
 * What names keep on a device: the person's key where it is their own, wrapped
 * by an AES-GCM key that scripts can use but not read; the newest version seen
 * of each record; the words of accepted names keys.
 */
import { keys, read, readLarge, write, writeLarge } from "@/storage";
import type { NamesOnDevice } from "@/storage/keys";
import type { Bytes } from "./bytes";

const empty: NamesOnDevice = { own: {}, seen: {} };

/** A browser that keeps nothing is an empty one. */
async function kept(): Promise<NamesOnDevice> {
  try {
    return (await readLarge(keys.names)) ?? empty;
  } catch {
    return empty;
  }
}

async function keep(value: NamesOnDevice): Promise<boolean> {
  try {
    await writeLarge(keys.names, value);
    return true;
  } catch {
    return false;
  }
}

/** Keeps a person's key on this device. False when the browser keeps nothing. */
export async function keepOwnKey(staffId: string, secret: Bytes): Promise<boolean> {
  const wrapper = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, wrapper, secret);
  const before = await kept();
  return keep({ ...before, own: { ...before.own, [staffId]: { wrapper, iv, sealed } } });
}

/** The key kept for this person, or null. */
export async function ownKey(staffId: string): Promise<Bytes | null> {
  const mine = (await kept()).own[staffId];
  if (!mine) return null;
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: mine.iv }, mine.wrapper, mine.sealed));
  } catch {
    return null;
  }
}

/** Forgets the person's key, what was seen with it and the words they accepted. */
export async function forgetOwnKey(staffId: string): Promise<void> {
  const { [staffId]: _mine, ...others } = (await kept()).own;
  await keep({ own: others, seen: {} });
  const pins = Object.entries(read(keys.namesPins) ?? {}).filter(([name]) => !name.startsWith(`${staffId} `));
  write(keys.namesPins, Object.fromEntries(pins));
}

/** The newest version seen on this device of each of a school's records. */
export async function seenVersions(school: string): Promise<Map<string, number>> {
  return new Map((await kept()).seen[school] ?? []);
}

export async function keepSeenVersions(school: string, versions: ReadonlyMap<string, number>): Promise<void> {
  const before = await kept();
  await keep({ ...before, seen: { ...before.seen, [school]: new Map(versions) } });
}

/** The words accepted by this person for this school's names key, or null. */
export function pinnedWords(staffId: string, school: string): string | null {
  return read(keys.namesPins)?.[`${staffId} ${school}`] ?? null;
}

export function pinWords(staffId: string, school: string, words: string): void {
  write(keys.namesPins, { ...read(keys.namesPins), [`${staffId} ${school}`]: words });
}
