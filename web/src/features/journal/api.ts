import { queryOptions } from "@tanstack/react-query";
import { api, type Schema, unwrap } from "@/api/client";
import { call, wire } from "@/api/wire";

export type Standing = Schema<"Standing">;
export type PieceLine = Schema<"PieceLine">;
export type PieceDetail = Schema<"PieceDetail">;
export type Content = Schema<"Content">;
export type Source = Schema<"Source">;
export type Author = Schema<"Author">;
export type Note = Schema<"Note">;
export type Revision = Schema<"Revision">;
export type DeskCounts = Schema<"Desk">;
export type Contribution = Schema<"Contribution">;
export type Sorting = Schema<"Sorting">;
export type Reported = Schema<"Reported">;
export type Reply = Schema<"Reply">;
export type Decision = Schema<"Decision">;
export type LogLine = Schema<"LogLine">;
export type Consent = Schema<"Consent">;
export type NewConsent = Schema<"NewConsent">;
export type Mandate = Schema<"Mandate">;
export type NewMandate = Schema<"NewMandate">;
export type Masthead = Schema<"Masthead">;
export type JournalSettings = Schema<"JournalSettings">;
export type Theme = Schema<"Theme">;
export type Collective = Schema<"Collective">;
export type Axis = Schema<"Axis">;
export type Audience = JournalSettings["widest"];
export type Kind = PieceLine["kind"];
export type Status = PieceLine["status"];

/** What somebody does to a piece; the server says which are possible. */
export const acts = ["propose", "retake", "discuss", "publish", "refuse", "withdraw", "suspend", "forbid", "lift"] as const;
export type Act = (typeof acts)[number];

/** A picture or a document, as the upload route answers. */
export interface JournalFile {
  id: string;
  kind: "picture" | "document" | "sound" | "film";
  mediaType: string;
  name: string;
  width?: number;
  height?: number;
  size: number;
}

/** Where the pages give a file by its id. */
export const fileAddress = (id: string) => `/journal-files/${id}`;

const key = (school: string, ...rest: readonly unknown[]) => ["school", school, "journal", ...rest] as const;

export const journalKey = key;

export const standingQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "me"),
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/journal", { params: { path: { school } }, signal })),
  });

export const settingsQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "settings"),
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/journal/settings", { params: { path: { school } }, signal })),
  });

export const themesQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "themes"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/themes", { params: { path: { school } }, signal }))).items,
  });

export const collectivesQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "collectives"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/collectives", { params: { path: { school } }, signal }))).items,
  });

export const minePiecesQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "pieces", "mine"),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/pieces", { params: { path: { school }, query: { mine: true, limit: 200 } }, signal }))).items,
  });

/** The shelves of the desk. */
export type DeskState = "waiting" | "moved" | "published" | "refused" | "withdrawn" | "suspended" | "forbidden";

export const deskPiecesQuery = (school: string, state: DeskState) =>
  queryOptions({
    queryKey: key(school, "pieces", state),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/pieces", { params: { path: { school }, query: { state, limit: 200 } }, signal }))).items,
  });

export const deskQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "desk"),
    staleTime: 0,
    refetchInterval: 60_000,
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/journal/desk", { params: { path: { school } }, signal })),
  });

export const pieceQuery = (school: string, piece: string) =>
  queryOptions({
    queryKey: key(school, "piece", piece),
    staleTime: 0,
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/journal/pieces/{piece}", { params: { path: { school, piece } }, signal })),
  });

export const threadQuery = (school: string, piece: string) =>
  queryOptions({
    queryKey: key(school, "piece", piece, "thread"),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/pieces/{piece}/thread", { params: { path: { school, piece } }, signal }))).items,
  });

export const revisionsQuery = (school: string, piece: string) =>
  queryOptions({
    queryKey: key(school, "piece", piece, "revisions"),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/pieces/{piece}/revisions", { params: { path: { school, piece } }, signal }))).items,
  });

export const revisionQuery = (school: string, piece: string, n: number) =>
  queryOptions({
    queryKey: key(school, "piece", piece, "revision", n),
    staleTime: 0,
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/journal/pieces/{piece}/revisions/{n}", { params: { path: { school, piece, n } }, signal })),
  });

export const contributionsQuery = (school: string, filter: { status: Contribution["status"]; source?: string; piece?: string }) =>
  queryOptions({
    queryKey: key(school, "contributions", filter),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/contributions", { params: { path: { school }, query: { ...filter, limit: 100 } }, signal }))).items,
  });

export const reportsQuery = (school: string, status: Reported["status"]) =>
  queryOptions({
    queryKey: key(school, "reports", status),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/reports", { params: { path: { school }, query: { status } }, signal }))).items,
  });

export const repliesQuery = (school: string, status: Reply["status"]) =>
  queryOptions({
    queryKey: key(school, "replies", status),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/replies", { params: { path: { school }, query: { status } }, signal }))).items,
  });

export const decisionsQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "decisions"),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/decisions", { params: { path: { school } }, signal }))).items,
  });

export const logQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "log"),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/log", { params: { path: { school }, query: { limit: 200 } }, signal }))).items,
  });

export const consentsQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "consents"),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/consents", { params: { path: { school } }, signal }))).items,
  });

export const mandatesQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "mandates"),
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/mandates", { params: { path: { school } }, signal }))).items,
  });

/** Colleagues to whom a turn may be given. */
export const peersQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "peers"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/journal/peers", { params: { path: { school } }, signal }))).items,
  });

const top = (school: string) => `/schools/${school}/journal`;
const one = (school: string, piece: string) => `${top(school)}/pieces/${piece}`;

export const setPenName = (school: string, penName: string) => call<Author>("PUT", `${top(school)}/pen-name`, { body: { penName } });
export const beginPiece = (school: string, kind: Kind, content: Content) => call<Schema<"Saved">>("POST", `${top(school)}/pieces`, { body: { kind, content } });
export const savePiece = (school: string, piece: string, version: number, content: Content) => call<Schema<"Saved">>("PUT", one(school, piece), { body: { version, content } });
export const discardPiece = (school: string, piece: string) => call<null>("DELETE", one(school, piece));
export const actOnPiece = (school: string, piece: string, body: { act: Act; version: number; reason?: string; at?: number }) => call<PieceDetail>("POST", `${one(school, piece)}/acts`, { body });
export const sayInThread = (school: string, piece: string, text: string) => call<null>("POST", `${one(school, piece)}/thread`, { body: { text } });
export const takePiece = (school: string, piece: string, hold: boolean) => call<null>("PUT", `${one(school, piece)}/holder`, { body: { hold } });
export const addAuthor = (school: string, piece: string, penName: string) => call<null>("POST", `${one(school, piece)}/authors`, { body: { penName } });
export const orderAuthors = (school: string, piece: string, authors: readonly string[]) => call<null>("PUT", `${one(school, piece)}/authors`, { body: { authors } });
export const answerInvitation = (school: string, piece: string, sign: boolean) => call<null>("PUT", `${one(school, piece)}/signature`, { body: { sign } });
export const renameAuthor = (school: string, author: string, penName: string) => call<null>("PUT", `${top(school)}/authors/${author}`, { body: { penName } });
export const removeAuthor = (school: string, piece: string, author: string) => call<null>("DELETE", `${one(school, piece)}/authors/${author}`);

export const sortContributions = (school: string, body: Sorting) => call<null>("POST", `${top(school)}/contributions/sort`, { body });
export const judgeReport = (school: string, report: string, accept: boolean, reason: string) => call<null>("POST", `${top(school)}/reports/${report}`, { body: { accept, reason } });
export const answerReply = (school: string, reply: string, accept: boolean, reason: string) => call<null>("POST", `${top(school)}/replies/${reply}`, { body: { accept, reason } });
export const tellDecision = (school: string, decision: string) => call<null>("POST", `${top(school)}/decisions/${decision}/told`);

export const setSettings = (school: string, body: Masthead) => call<null>("PUT", `${top(school)}/settings`, { body });
export type Axes = "themes" | "collectives";
export const makeAxis = (school: string, of: Axes, body: Axis) => call<{ id: string }>("POST", `${top(school)}/${of}`, { body });
export const changeAxis = (school: string, of: Axes, id: string, body: Axis) => call<null>("PUT", `${top(school)}/${of}/${id}`, { body });
export const removeAxis = (school: string, of: Axes, id: string) => call<null>("DELETE", `${top(school)}/${of}/${id}`);
export const giveMandate = (school: string, body: NewMandate) => call<{ id: string }>("POST", `${top(school)}/mandates`, { body });
export const endMandate = (school: string, id: string) => call<null>("DELETE", `${top(school)}/mandates/${id}`);
export const recordConsent = (school: string, body: NewConsent) => call<{ id: string }>("POST", `${top(school)}/consents`, { body });
export const tieConsent = (school: string, consent: string, subject: string) => call<null>("POST", `${top(school)}/consents/${consent}/uses`, { body: { subject } });
export const withdrawConsent = (school: string, consent: string) => call<null>("DELETE", `${top(school)}/consents/${consent}`);

/** A picture of twelve megabytes on a slow line takes its time. */
const SENDING = 600_000;

/** Sends a file; the server knows it by its content and makes it harmless. */
/** A formula as readers will see it; a refusal says what is wrong with it. */
export function readFormula(school: string, source: string) {
  return unwrap(api.POST("/schools/{school}/journal/formula", { params: { path: { school } }, body: { source } }));
}

export async function sendFile(school: string, file: File): Promise<JournalFile> {
  const answer = await wire(`/api/v1${top(school)}/files?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" }, patience: SENDING });
  return (await answer.json()) as JournalFile;
}
