/** The server's side of names: ciphertext, public keys and signatures, never a name. */
import { PATIENCE, wire } from "@/api";
import { api, type Schema, unwrap } from "@/api/client";
import type { StoredKey } from "./personalKey";
import type { NameRecord, SignedRecord } from "./record";

/** Somebody with a key of their own whom nobody has let in yet. */
export type WaitingPerson = Schema<"Waiting">;

/** A row of the list of people let in; `wrapped` of the recovery sheet is given to those who may recover. */
export type MemberRow = Schema<"NamesMember">;

export type NewNamesKey = Schema<"NewNamesKey">;
export type NewMember = Schema<"NewMember">;
export type NewSheet = Schema<"NewSheet">;

/** What a school's names are locked with. The document cannot say that key and mine may be null. */
export interface SchoolNames {
  key: Schema<"NamesKey"> | null;
  members: MemberRow[];
  mine: Schema<"Wrapped"> | null;
  waiting: WaitingPerson[];
  /** The key that the present one replaced, while it can be put back. */
  earlier?: Schema<"EarlierKey">;
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
  restoreKey(school: string, key: string): Promise<void>;
  putSheet(school: string, sheet: NewSheet): Promise<void>;
  sheetStored(school: string, member: string): Promise<void>;
  records(school: string, group: string | null, after: string | null): Promise<RecordPage>;
  putRecords(school: string, records: NameRecord[]): Promise<void>;
  putFirstNames(school: string, group: string, items: FirstNamesBox[]): Promise<void>;
  deleteFirstNames(school: string, group: string): Promise<void>;
}

/** 500 records are some 400 kB: a slow line takes its time. */
const slowly = (request: Request) => wire(request, { patience: 3 * PATIENCE });

type Prove = <T>(act: () => Promise<T>) => Promise<T>;
let proved: Prove = (act) => act();

/** Says how a recent proof of identity is asked for, where the server wants one. */
export function proveWith(prove: Prove): void {
  proved = prove;
}

export const namesApi: NamesApi = {
  me: async () => (await unwrap(api.GET("/me"))).staff.id,
  // The document cannot say that there may be no key yet.
  myKey: async () => (await unwrap<StoredKey | null>(api.GET("/me/key"))) ?? null,
  putMyKey: async ({ recipient, signPub, sealed }) => void (await proved(() => api.PUT("/me/key", { body: { recipient, signPub, sealed } }))),
  school: async (school) => {
    const { key, members, mine, waiting, earlier } = await unwrap(api.GET("/schools/{school}/names", { params: { path: { school } } }));
    return { key, members: members ?? [], mine, waiting: waiting ?? [], earlier };
  },
  createKey: async (school, body) => void (await proved(() => api.POST("/schools/{school}/names/key", { params: { path: { school } }, body }))),
  letIn: async (school, body) => void (await proved(() => api.POST("/schools/{school}/names/members", { params: { path: { school } }, body }))),
  remove: async (school, member) => void (await proved(() => api.DELETE("/schools/{school}/names/members/{member}", { params: { path: { school, member } } }))),
  restoreKey: async (school, key) => void (await proved(() => api.POST("/schools/{school}/names/key/restore", { params: { path: { school } }, body: { key } }))),
  putSheet: async (school, body) => void (await proved(() => api.PUT("/schools/{school}/names/sheet", { params: { path: { school } }, body }))),
  sheetStored: async (school, member) => void (await proved(() => api.POST("/schools/{school}/names/sheet/{member}/stored", { params: { path: { school, member } } }))),
  records: (school, group, after) =>
    unwrap(
      api.GET("/schools/{school}/names/records", {
        params: { path: { school }, query: { limit: 500, group: group ?? undefined, after: after ?? undefined } },
        fetch: slowly,
      }),
    ),
  putRecords: async (school, records) =>
    void (await api.PUT("/schools/{school}/names/records", { params: { path: { school } }, body: { records }, fetch: slowly })),
  putFirstNames: async (school, group, items) =>
    void (await api.PUT("/schools/{school}/groups/{group}/first-names", { params: { path: { school, group } }, body: { items } })),
  deleteFirstNames: async (school, group) =>
    void (await api.DELETE("/schools/{school}/groups/{group}/first-names", { params: { path: { school, group } } })),
};
