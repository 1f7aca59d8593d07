import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import type { OnProgress } from "./bulk";
import type { Bytes } from "./bytes";
import type { NamesReason } from "./error";
import type { NameDraft, NameRecord, SeatName } from "./record";
import type { SchoolVault } from "./schoolVault";
import { names } from "./session";
import type { NamesStatus, NamesView } from "./view";

/** A school's names, as staff pages use them. Joined in the browser: the server never knows them. */
export interface Names {
  status: NamesStatus;
  /** All that is known of access; for the pages of names themselves. */
  view: NamesView;
  /** How many records are opened out of how many, while that lasts. */
  progress: { done: number; total: number } | null;
  /** Why a seat's record was refused, if it was. */
  refused(seatId: string): NamesReason | null;
  /** Opens the person's key. Rejects with a NamesError. `own`: keep it on this device. */
  unlock(phrase: string, own: boolean): Promise<void>;
  /** The name of a seat, or null when it is not loaded or may not be read. */
  name(seatId: string): SeatName | null;
  /** The secret on a seat's slip, or null. */
  secret(seatId: string): Bytes | null;
  /** The newest version known of a seat's record: a new one is this plus 1. 0 when it has none. */
  version(seatId: string): number;
  /** The ids of the loaded seats whose names match; insensitive to accents, case and order. */
  search(text: string): string[];
  /** Fetches, verifies and opens the names of groups; of the whole school for an empty list. Asks once. */
  ensureLoaded(groupIds: readonly string[]): Promise<void>;
  /** Seals and signs records, to be sent with an import or a replaced slip. */
  seal(drafts: readonly NameDraft[], onProgress?: OnProgress, signal?: AbortSignal): Promise<NameRecord[]>;
  /** Remembers what the server acknowledged of what was sealed. */
  learn(drafts: readonly NameDraft[]): void;
  /** Seals, signs and sends. */
  write(drafts: readonly NameDraft[], onProgress?: OnProgress, signal?: AbortSignal): Promise<void>;
  /** The school's vault, for the pages of names. */
  school: SchoolVault;
}

export function useNames(schoolId: string): Names {
  const school = names.school(schoolId);
  const view = useSyncExternalStore(school.subscribe, school.snapshot, school.snapshot);
  useEffect(() => void school.start(), [school]);
  const unlock = useCallback((phrase: string, own: boolean) => names.unlock(phrase, own), []);
  return useMemo(
    () => ({
      status: view.status,
      view,
      progress: view.progress,
      refused: (seatId) => view.refused.get(seatId) ?? null,
      unlock,
      name: (seatId) => school.name(seatId),
      secret: (seatId) => school.name(seatId)?.secret ?? null,
      version: (seatId) => school.version(seatId),
      search: (text) => school.search(text),
      ensureLoaded: (groupIds) => school.ensureLoaded(groupIds),
      seal: (drafts, onProgress, signal) => school.seal(drafts, onProgress, signal),
      learn: (drafts) => school.learn(drafts),
      write: (drafts, onProgress, signal) => school.write(drafts, onProgress, signal),
      school,
    }),
    [school, view, unlock],
  );
}

/** Asks the server again what it says of access, on arriving here and every `ms` while the page is looked at; null for no longer. */
export function useFreshAccess(school: SchoolVault, ms: number | null): void {
  useEffect(() => {
    if (ms === null) return;
    const look = () => document.visibilityState === "visible" && void school.look();
    look();
    const timer = setInterval(look, ms);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [school, ms]);
}

/** Loads the names of these groups whenever they can be read. */
export function useLoadedNames(schoolId: string, groupIds: readonly string[]): Names {
  const found = useNames(schoolId);
  const { status, school } = found;
  const wanted = groupIds.join(" ");
  useEffect(() => {
    if (status === "ready") void school.ensureLoaded(wanted === "" ? [] : wanted.split(" "));
  }, [status, wanted, school]);
  return found;
}
