import { call } from "@/api/wire";

export interface DoorState {
  status: "in" | "waiting" | "out";
  why?: "left" | "other" | "moved" | "taken" | "refused" | "replaced" | "stopped" | "expired";
  session?: string;
  own?: boolean;
  via?: "link" | "code";
  seat?: { id: string; schoolId: string; pseudonym: string; picture: string };
  groups?: { id: string; name: string; kind: "class" | "group" }[];
  firstNames?: { groupId: string; sealed: string }[];
}

/** Work asked before another try; see docs/adr/0003-the-door.md. */
export interface Challenge {
  token: string;
  puzzles: number;
  bits: number;
  expiresAt: number;
}

export interface Proof {
  token: string;
  answers: number[];
}

export interface Entered {
  status: "in" | "waiting";
}

/** Shows a ticket that the server gave with a place in its line. */
const withTicket = (ticket: string | undefined) => (ticket === undefined ? undefined : { "Preau-Place": ticket });

export function enterByLink(body: { auth: string; own: boolean; recipient?: string; mac?: string }, signal: AbortSignal, ticket?: string): Promise<Entered> {
  return call("POST", "/door/link", { body, signal, headers: withTicket(ticket) });
}

export function enterByCode(body: { code: string; own: boolean; proof?: Proof; asked?: string }, signal: AbortSignal, ticket?: string): Promise<Entered> {
  return call("POST", "/door/code", { body, signal, headers: withTicket(ticket) });
}

export function whereAmI(signal?: AbortSignal): Promise<DoorState> {
  return call("GET", "/door", { signal });
}

export function leave(): Promise<void> {
  return call("DELETE", "/door");
}

/** The schools of the installation, two at most: enough to know whether it has none, one or several. */
export async function schoolsHere(signal?: AbortSignal): Promise<{ school: string; name: string }[]> {
  const { items } = await call<{ items: { school: string; name: string }[] | null }>("GET", "/notices?limit=2", { signal });
  return items ?? [];
}
