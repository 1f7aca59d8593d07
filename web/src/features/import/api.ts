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

/** A refusal of the server; detail is a sentence in the person's language. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    /** The field at fault, such as «seats[3].seatCode»; "" when none is named. */
    readonly field: string,
  ) {
    super(detail);
    this.name = "Refusal";
  }
}

async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    credentials: "same-origin",
    headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal,
  });
  const text = await response.text();
  let read: unknown = null;
  try {
    read = text === "" ? null : JSON.parse(text);
  } catch {
    // Not ours: a proxy between the two answered.
  }
  if (!response.ok) {
    const problem = (read ?? {}) as { detail?: string; errors?: { field: string }[] };
    throw new Refusal(response.status, problem.detail ?? "", problem.errors?.[0]?.field ?? "");
  }
  return read as T;
}

const school = (id: string, rest: string) => `/schools/${encodeURIComponent(id)}/${rest}`;

async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let after = "";
  do {
    const join = path.includes("?") ? "&" : "?";
    const page = await ask<{ items: T[] | null; next?: string }>("GET", `${path}${join}limit=500${after && `&after=${encodeURIComponent(after)}`}`);
    items.push(...(page.items ?? []));
    after = page.next ?? "";
  } while (after !== "");
  return items;
}

export const importApi = {
  years: (id: string) => all<YearRow>(school(id, "years")),
  groups: (id: string, year: string) => all<GroupRow>(school(id, `groups?year=${encodeURIComponent(year)}`)),
  group: (id: string, group: string) =>
    ask<{ group: GroupRow; seats: SeatRow[] | null }>("GET", school(id, `groups/${encodeURIComponent(group)}`)),
  seats: (id: string, year: string, left: boolean) => all<SeatRow>(school(id, `seats?year=${encodeURIComponent(year)}&left=${left}`)),
  send: (id: string, body: ImportBody, signal?: AbortSignal) => ask<Imported>("POST", school(id, "imports"), body, signal),
  addGroup: (id: string, group: { yearId: string; name: string; kind: string; level?: string }) => ask<GroupRow>("POST", school(id, "groups"), group),
  change: (id: string, seat: string, change: SeatChange) => ask<unknown>("PATCH", school(id, `seats/${encodeURIComponent(seat)}`), change),
  replaceSecret: (id: string, seat: string, body: { authHash: string; seatCode: string; keyId: string; record: RecordBody }) =>
    ask<unknown>("POST", school(id, `seats/${encodeURIComponent(seat)}/secret`), body),
  swap: (id: string, body: { a: string; b: string; records: (RecordBody & { seatId: string; keyId: string })[] }) =>
    ask<unknown>("POST", school(id, "seats/swap"), body),
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
    left: row.leftAt !== undefined,
    name,
  };
}
