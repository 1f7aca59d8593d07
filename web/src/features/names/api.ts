/** The server's side of names: ciphertext, public keys and signatures, never a name. A path holds ids only. */
import { call, PATIENCE } from "@/api";
import type { Schema } from "@/api/client";
import type { StoredKey } from "./personalKey";
import type { NameRecord, SignedRecord } from "./record";

/** Somebody with a key of their own whom nobody has let in yet. */
export type WaitingPerson = Schema<"Waiting">;

/** A row of the list of people let in; `wrapped` of the recovery sheet is given to those who may recover. */
export type MemberRow = Schema<"NamesMember">;

export type NewNamesKey = Schema<"NewNamesKey">;
export type NewMember = Schema<"NewMember">;

/** What a school's names are locked with. The document cannot say that key and mine may be null. */
export interface SchoolNames {
  key: Schema<"NamesKey"> | null;
  members: MemberRow[];
  mine: Schema<"Wrapped"> | null;
  waiting: WaitingPerson[];
}

export interface RecordPage {
  items: SignedRecord[];
  next?: string;
}

export type FirstNamesBox = Schema<"SealedFor">;

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
  putFirstNames(school: string, group: string, items: FirstNamesBox[]): Promise<void>;
  deleteFirstNames(school: string, group: string): Promise<void>;
}

/** 500 records are some 400 kB: a slow line takes its time. */
const BULK = 3 * PATIENCE;

const id = encodeURIComponent;

export const namesApi: NamesApi = {
  me: async () => (await call<Schema<"Me">>("GET", "/me")).staff.id,
  myKey: () => call<StoredKey | null>("GET", "/me/key"),
  putMyKey: ({ recipient, signPub, sealed }) => call("PUT", "/me/key", { body: { recipient, signPub, sealed } }),
  school: async (school) => {
    const { key, members, mine, waiting } = await call<Schema<"Names">>("GET", `/schools/${id(school)}/names`);
    return { key, members: members ?? [], mine, waiting: waiting ?? [] };
  },
  createKey: async (school, key) => void (await call("POST", `/schools/${id(school)}/names/key`, { body: key })),
  letIn: (school, member) => call("POST", `/schools/${id(school)}/names/members`, { body: member }),
  remove: (school, member) => call("DELETE", `/schools/${id(school)}/names/members/${id(member)}`),
  records: (school, group, after) =>
    call<RecordPage>("GET", `/schools/${id(school)}/names/records`, {
      query: { limit: 500, group: group ?? undefined, after: after ?? undefined },
      patience: BULK,
    }),
  putRecords: (school, records) => call("PUT", `/schools/${id(school)}/names/records`, { body: { records }, patience: BULK }),
  putFirstNames: async (school, group, items) => void (await call("PUT", `/schools/${id(school)}/groups/${id(group)}/first-names`, { body: { items } })),
  deleteFirstNames: (school, group) => call("DELETE", `/schools/${id(school)}/groups/${id(group)}/first-names`),
};
