/** The server's side of names: ciphertext, public keys and signatures, never a name. */
import type { StoredKey } from "./personalKey";
import type { NameRecord, SignedRecord } from "./record";
import type { NamesMember } from "./trust";

/** Somebody with a key of their own whom nobody has let in yet. */
export interface WaitingPerson {
  staffId: string;
  name: string;
  recipient: string;
  signPub: string;
}

/** A row of the list of people let in; `wrapped` of the recovery sheet is given to those who may recover. */
export interface MemberRow extends NamesMember {
  /** Of the person; absent for the recovery sheet and for those who left. */
  name?: string;
  createdAt: number;
  wrapped?: string | null;
}

export interface SchoolNames {
  key: { id: string; recipient: string; createdBy: string; createdAt: number } | null;
  members: MemberRow[];
  mine: { wrapped: string; until?: number } | null;
  waiting: WaitingPerson[];
}

export interface NewNamesKey {
  recipient: string;
  /** Id of the present key, when there is one. */
  replaces?: string;
  root: { staffId: string; recipient: string; signPub: string; wrapped: string };
  recovery: { recipient: string; wrapped: string };
}

export interface NewMember {
  staffId: string;
  recipient: string;
  signPub: string;
  wrapped: string;
  endorsement: string;
  until: number | null;
}

export interface RecordPage {
  items: SignedRecord[];
  next?: string;
}

/** What names ask of the server. */
export interface NamesApi {
  me(): Promise<string>;
  myKey(): Promise<StoredKey | null>;
  putMyKey(key: StoredKey): Promise<void>;
  school(school: string): Promise<SchoolNames>;
  createKey(school: string, key: NewNamesKey): Promise<void>;
  letIn(school: string, member: NewMember): Promise<void>;
  remove(school: string, member: string): Promise<void>;
  records(school: string, group: string | null, after: string | null): Promise<RecordPage>;
  putRecords(school: string, records: NameRecord[]): Promise<void>;
  putFirstNames(school: string, group: string, items: { sessionId: string; sealed: string }[]): Promise<void>;
  deleteFirstNames(school: string, group: string): Promise<void>;
}

/** Asks the server; rejects with its problem. Gives null for an empty answer. */
export type Ask = (method: "GET" | "PUT" | "POST" | "DELETE", path: string, body?: unknown) => Promise<unknown>;

/** The routes of names. A path holds ids only. */
export function namesApi(ask: Ask): NamesApi {
  const at = (school: string, rest: string) => `/schools/${encodeURIComponent(school)}/${rest}`;
  return {
    me: async () => ((await ask("GET", "/me")) as { staff: { id: string } }).staff.id,
    myKey: async () => (await ask("GET", "/me/key")) as StoredKey | null,
    putMyKey: async (key) => void (await ask("PUT", "/me/key", key)),
    school: async (school) => (await ask("GET", at(school, "names"))) as SchoolNames,
    createKey: async (school, key) => void (await ask("POST", at(school, "names/key"), key)),
    letIn: async (school, member) => void (await ask("POST", at(school, "names/members"), member)),
    remove: async (school, member) => void (await ask("DELETE", at(school, `names/members/${encodeURIComponent(member)}`))),
    records: async (school, group, after) => {
      const query = new URLSearchParams({ limit: "500" });
      if (group !== null) query.set("group", group);
      if (after !== null) query.set("after", after);
      return (await ask("GET", at(school, `names/records?${query}`))) as RecordPage;
    },
    putRecords: async (school, records) => void (await ask("PUT", at(school, "names/records"), { records })),
    putFirstNames: async (school, group, items) => void (await ask("PUT", at(school, `groups/${encodeURIComponent(group)}/first-names`), { items })),
    deleteFirstNames: async (school, group) => void (await ask("DELETE", at(school, `groups/${encodeURIComponent(group)}/first-names`))),
  };
}
