import { call } from "@/api";
import type { KnownGroup, KnownSeat } from "./school";

export interface YearRow {
  id: string;
  label: string;
  startsOn: string;
  endsOn: string;
  closedAt?: number;
}

export interface GroupRow {
  id: string;
  yearId: string;
  name: string;
  kind: "class" | "group";
  level?: string;
  code: string;
  doorOpenUntil?: number;
  archivedAt?: number;
  seats: number;
}

export interface SeatRow {
  id: string;
  yearId: string;
  number: number;
  pseudonym: string;
  picture: string;
  level?: string;
  groups: string[] | null;
  secretVersion: number;
  leftAt?: number;
  erasedAt?: number;
}

export interface ImportGroup {
  ref: string;
  name: string;
  kind: "class" | "group";
  level?: string;
}

export interface RecordBody {
  version: number;
  ciphertext: string;
  signature: string;
}

export interface ImportSeat {
  id: string;
  number: number;
  pseudonym: string;
  picture: string;
  level?: string;
  groups: string[];
  authHash: string;
  seatCode: string;
  record?: RecordBody;
}

export interface ImportBody {
  /** The same at each retry of the same import, which then answers as the first did. */
  id: string;
  yearId: string;
  keyId: string;
  groups: ImportGroup[];
  seats: ImportSeat[];
}

export interface Imported {
  groups: { ref: string; id: string; code: string }[];
  seats: number;
  again: boolean;
}

export interface SeatChange {
  level?: string;
  groups?: string[];
  left?: boolean;
}

/** The import itself carries up to 8 MB through a school's connection. */
const SEND_PATIENCE = 180_000;

const school = (id: string, rest: string) => `/schools/${encodeURIComponent(id)}/${rest}`;

async function all<T>(path: string, query: Record<string, string | boolean> = {}): Promise<T[]> {
  const items: T[] = [];
  let after = "";
  do {
    const page: { items: T[] | null; next?: string } = await call("GET", path, { query: { ...query, limit: 500, after: after || undefined } });
    items.push(...(page.items ?? []));
    after = page.next ?? "";
  } while (after !== "");
  return items;
}

export const importApi = {
  groups: (id: string, year: string) => all<GroupRow>(school(id, "groups"), { year }),
  seats: (id: string, year: string, left: boolean) => all<SeatRow>(school(id, "seats"), { year, left }),
  send: (id: string, body: ImportBody, signal?: AbortSignal) => call<Imported>("POST", school(id, "imports"), { body, signal, patience: SEND_PATIENCE }),
  addGroup: (id: string, group: { yearId: string; name: string; kind: string; level?: string }) => call<GroupRow>("POST", school(id, "groups"), { body: group }),
  change: (id: string, seat: string, change: SeatChange) => call<unknown>("PATCH", school(id, `seats/${encodeURIComponent(seat)}`), { body: change }),
  replaceSecret: (id: string, seat: string, body: { authHash: string; seatCode: string; keyId: string; record: RecordBody; spare?: boolean }) =>
    call<unknown>("POST", school(id, `seats/${encodeURIComponent(seat)}/secret`), { body }),
  swap: (id: string, body: { a: string; b: string; records: (RecordBody & { seatId: string; keyId: string })[] }) =>
    call<unknown>("POST", school(id, "seats/swap"), { body }),
};

export type ImportApi = typeof importApi;

export function knownGroup(row: GroupRow): KnownGroup {
  return { id: row.id, name: row.name, kind: row.kind, level: row.level ?? "" };
}

export function knownSeat(row: SeatRow, name: KnownSeat["name"]): KnownSeat {
  return {
    id: row.id,
    number: row.number,
    pseudonym: row.pseudonym,
    picture: row.picture,
    level: row.level ?? "",
    groups: row.groups ?? [],
    left: row.leftAt !== undefined || row.erasedAt !== undefined,
    name,
  };
}
