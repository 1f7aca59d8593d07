import type { SchoolDraft } from "@/features/school/SchoolFields";
import type { StageView, State, TurnView } from "@/features/sitting/api";

/**
 * Everything that Préau keeps in a browser, and nothing else: the data map
 * (`internal/privacy`) declares the same keys.
 *
 * `local` stays until removed, `session` ends with the tab, `idb` is a
 * structured value in IndexedDB, `cache` is files for the page's worker, `cookie`
 * is sent to the server.
 */
export type Area = "local" | "session" | "idb" | "cache" | "cookie";

/** One declared place in the browser. `T` is what is kept there. */
export type Key<T> = {
  readonly name: string;
  readonly area: Area;
  /** Never set: it carries the type of the value. */
  readonly kept?: T;
};

/** A question of several turns on this device; see features/sitting/turns.ts. */
export type TurnOnDevice = {
  /** What the last turn left. */
  view: TurnView;
  /** What the next turn will hold. */
  draft: Record<string, string | string[]>;
  /** The next turn, made and not answered by the server yet. */
  leaving: Record<string, string | string[]> | null;
};

/** A sitting under way on this device; see features/sitting/queue.ts. */
export type SittingOnDevice = {
  /** Whose: the id of the seat. */
  seat: string;
  campaign: string;
  sequence: number;
  /** Of this device, for this sitting alone. */
  token: string;
  /** The last number given to an answer. */
  n: number;
  /** Answers that the server has not acknowledged. */
  unsent: { n: number; item: string; data: Record<string, string | string[]> }[];
  /** What each question holds. */
  answers: Record<string, Record<string, string | string[]>>;
  marked: string[];
  /** Questions of several turns. */
  turns?: Record<string, TurnOnDevice>;
  /** Where the sitting stood, by this device's clock at `at`, and the stage: what a page that opens without network shows. */
  seen?: { state: State; at: number; stage: StageView };
};

/** Pieces of the journal that the server has not saved yet, by id; see features/journal/write/draft.ts. */
export type DraftsOnDevice = Record<string, {
  /** Whose: the id of the author. */
  author: string;
  /** The version of the piece that the text was written from. */
  version: number;
  content: unknown;
  at: number;
}>;

/** Questions of the bank that the server has not saved yet; see features/bank/kept.ts. */
export type QuestionsOnDevice = Record<string, { draft: unknown; at: number }>;

/** What names keep in IndexedDB; see features/names/device.ts. */
export type NamesOnDevice = {
  /** By id of staff. */
  own: Record<string, { wrapper: CryptoKey; iv: Uint8Array<ArrayBuffer>; sealed: ArrayBuffer }>;
  /** By id of school, the newest version seen of each seat's record. */
  seen: Record<string, Map<string, number>>;
};

const key = <T>(area: Area, name: string): Key<T> => ({ area, name });

export const keys = {
  /** Light, dark, or as the machine. */
  theme: key<"light" | "dark">("local", "preau.theme"),
  /** The chosen typeface. */
  font: key<"opendyslexic">("local", "preau.font"),
  /** The language of the interface, so that the server answers in it too. */
  language: key<"fr" | "en">("cookie", "preau_lang"),
  /** Where to return after signing in: a path of this origin. */
  returnTo: key<string>("session", "preau.return-to"),
  /** Set-up under way in this tab: the link's token and what was typed, save the password. */
  setUp: key<{ token: string; school: SchoolDraft; name: string; email: string }>("session", "preau.set-up"),
  /** A pupil's entry in this tab: the key that opens what is sealed to it, the slip's secret shared with staff, and whether the picture was confirmed. */
  entry: key<{ identity: string | null; bind: string | null; confirming: boolean }>("session", "preau.entry"),
  /** The school a member of staff of several schools last looked at: its id. */
  school: key<string>("local", "preau.school"),
  /** On a device of one's own: the person's key for names, wrapped by a key that scripts cannot read; versions seen. */
  names: key<NamesOnDevice>("idb", "preau-names"),
  /** By person and school, the six words of the names key that was accepted. Public, not secret. */
  namesPins: key<Record<string, string>>("local", "preau-names-pins"),
  /** A sitting under way: its token and what is not acknowledged yet. Gone once all of it is handed in. */
  sitting: key<SittingOnDevice>("idb", "preau-sitting"),
  /** The page of a sitting under way with its files, for when it opens without network. Gone with the sitting. */
  sittingPage: key<never>("cache", "preau-sitting-page"),
  /** Readings aloud that the server has not acknowledged yet, by id of staff; see features/fluency. */
  aloud: key<Record<string, SittingOnDevice>>("idb", "preau-aloud"),
  /** Pieces of the journal that the server has not saved yet: what a crash would lose. */
  drafts: key<DraftsOnDevice>("idb", "preau-drafts"),
  /** Questions being written, by id of staff, school and question; see features/bank/kept.ts. */
  questions: key<QuestionsOnDevice>("idb", "preau-questions"),
  /** Whether this tab has kept a sitting, so that leaving looks for it. */
  sittingHere: key<boolean>("session", "preau.sitting-here"),
  /** How a pupil wishes to read questions: size, spacing, face, contrast. On this tab. */
  reading: key<{ size: number; spaced: boolean; face: boolean; strong: boolean; line: boolean; clock: boolean }>("session", "preau.reading"),
  /** The camera, microphone and loudspeaker chosen for lessons: ids that the browser makes for this site alone. On a device of one's own. */
  devices: key<Partial<Record<"audioinput" | "videoinput" | "audiooutput", string>>>("local", "preau.devices"),
} as const;
