import { queryOptions } from "@tanstack/react-query";
import { api, type Schema, unwrap } from "@/api/client";
import { call, wire } from "@/api/wire";
import { journalKey } from "../api";

export type Move = Schema<"Move">;
export type MoveReport = Schema<"MoveReport">;
export type MoveLine = Schema<"MoveLine">;
export type MoveMade = Schema<"MoveMade">;
export type MoveChoice = Schema<"MoveChoice">;
export type CopyPlan = Schema<"CopyPlan">;
export type HeldFile = Schema<"HeldFile">;
export type Scope = "public" | "school";

const top = (school: string) => `/schools/${school}/journal`;

export const movesQuery = (school: string) =>
  queryOptions({
    queryKey: journalKey(school, "moves"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/moves", { params: { path: { school } }, signal }))).items,
  });

/** While the server reads or writes, it is asked how far it has come. */
const working = (state: Move["state"]) => state === "reading" || state === "writing";

export const moveQuery = (school: string, move: string) =>
  queryOptions({
    queryKey: journalKey(school, "moves", move),
    staleTime: 0,
    queryFn: ({ signal }): Promise<Move> => unwrap(api.GET("/schools/{school}/journal/moves/{move}", { params: { path: { school, move } }, signal })),
    refetchInterval: (q): number | false => (q.state.data && working(q.state.data.state) ? 1000 : false),
  });

export const planQuery = (school: string, scope: Scope) =>
  queryOptions({
    queryKey: journalKey(school, "copy", scope),
    staleTime: 0,
    retry: false,
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/journal/copy/plan", { params: { path: { school }, query: { scope } }, signal })),
  });

export const heldQuery = (school: string) =>
  queryOptions({
    queryKey: journalKey(school, "held"),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/held", { params: { path: { school }, query: { limit: 60 } }, signal }))).items,
  });

/** A gigabyte on a school's line takes its time. */
const LONG = 3_600_000;

/** Sends an export and the zip that goes with it, and asks that they be read. */
export async function sendMove(school: string, file: File, pictures: File | null): Promise<string> {
  const headers = { "Content-Type": "application/octet-stream" };
  const answer = await wire(`/api/v1${top(school)}/moves`, { method: "POST", body: file, headers, patience: LONG });
  const { id } = (await answer.json()) as { id: string };
  if (pictures) await wire(`/api/v1${top(school)}/moves/${id}/pictures`, { method: "POST", body: pictures, headers, patience: LONG });
  await call<null>("POST", `${top(school)}/moves/${id}/read`);
  return id;
}

export const writeMove = (school: string, move: string, body: MoveChoice) => call<null>("POST", `${top(school)}/moves/${move}/write`, { body });
export const dropMove = (school: string, move: string) => call<null>("DELETE", `${top(school)}/moves/${move}`);
export const showHeld = (school: string, ids: string[]) => call<null>("POST", `${top(school)}/held/shown`, { body: { ids } });
export const removeFile = (school: string, file: string) => call<null>("DELETE", `${top(school)}/files/${file}`);

/** Fetches a copy and tells how many bytes have come. */
export async function fetchCopy(school: string, what: { format: string; scope: Scope; licence: string }, signal: AbortSignal, tell: (bytes: number) => void): Promise<Blob> {
  const answer = await wire(`/api/v1${top(school)}/copy?${new URLSearchParams(what)}`, { signal, patience: LONG });
  const parts: BlobPart[] = [];
  let bytes = 0;
  const reader = answer.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    parts.push(part.value as Uint8Array<ArrayBuffer>);
    bytes += part.value.byteLength;
    tell(bytes);
  }
  return new Blob(parts, { type: "application/zip" });
}

/** About how many bytes a copy has: its files, and a page for each piece. */
export const aboutBytes = (plan: CopyPlan) => plan.bytes + plan.pieces * 8000 + 200_000;
