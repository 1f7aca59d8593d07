/** What pages show of a school's names: access, progress, refusals. */
import type { MemberRow, SchoolNames } from "./api";
import type { NamesReason } from "./error";

/**
 * none: nothing to unlock (no names key in the school, or no key of one's own) ·
 * locked: the phrase is asked · waiting: nobody has let this person in yet ·
 * changed: the school shows another names key than the one accepted here.
 */
export type NamesStatus = "loading" | "none" | "locked" | "waiting" | "changed" | "ready";

/** What the page shows; a new object at each change. */
export interface NamesView {
  status: NamesStatus;
  server: SchoolNames | null;
  /** Whether this person has a key of their own. */
  hasKey: boolean;
  /** The words of the school's names key, once it is open. */
  words: string[] | null;
  progress: { done: number; total: number } | null;
  /** Records that were refused, by seat. */
  refused: ReadonlyMap<string, NamesReason>;
  /** Why names could not be fetched, if so. */
  problem: unknown;
  /** Names opened so far. */
  count: number;
  /** This device keeps the person's key: it is their own. */
  own: boolean;
}

export const nothing: NamesView = { status: "loading", server: null, hasKey: false, words: null, progress: null, refused: new Map(), problem: null, count: 0, own: false };

/** The row of the recovery sheet that opens the present key. */
export function livingSheet(server: SchoolNames | null): MemberRow | undefined {
  return server?.members.find((member) => member.staffId === null && member.revokedAt === null);
}
