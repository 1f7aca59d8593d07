import { queryOptions } from "@tanstack/react-query";
import { api, type Schema, unwrap } from "@/api/client";
import { call } from "@/api/wire";
import { SITTING_PATH } from "./queue";
import type { PublicNode, Values } from "./render/tree";

export type Offer = Schema<"Offer">;
export type State = Schema<"State">;

export interface ItemView {
  key: string;
  public: { language?: string; body: PublicNode[]; modal?: PublicNode[] };
  files?: Record<string, string>;
}

export interface StageView {
  stage: number;
  title: string;
  items: ItemView[];
  files: { url: string }[];
}

/** Where a question of several turns stands. */
export interface TurnView extends ItemView {
  /** How many turns are behind. */
  turn: number;
  done: boolean;
}

export interface TurnTaken {
  item: string;
  turn: number;
  late: boolean;
  status: State["status"];
  /** Absent from a turn that is late, or whose stage is handed in. */
  view?: TurnView;
}

export interface Acknowledged {
  acked: number[];
  late: boolean;
  status: State["status"];
  endsAt: number;
  now: number;
}

const as = (token: string) => `Sitting ${token}`;

/** The sequences that a pupil may come to now. */
export const offersQuery = queryOptions({
  queryKey: ["sittings"],
  queryFn: async ({ signal }) => (await unwrap(api.GET("/sittings", { signal }))).items,
  refetchInterval: 10_000,
  staleTime: 0,
  gcTime: 0,
});

export const sittingPage = (offer: Offer) => `${SITTING_PATH}?campagne=${offer.campaign}&sequence=${offer.sequence}`;

export async function come(campaign: string, sequence: number): Promise<string> {
  return (await call<{ token: string }>("POST", "/sittings", { body: { campaign, sequence } })).token;
}

export const stateOf = (token: string, signal?: AbortSignal) => call<State>("GET", "/sitting", { authorization: as(token), signal });
export const start = (token: string) => call<State>("POST", "/sitting/start", { authorization: as(token), body: {} });
export const stageOf = (token: string) => call<{ view: StageView; answers: Record<string, Values>; turns: Record<string, TurnView> }>("GET", "/sitting/stage", { authorization: as(token) });
export const endStage = (token: string, stage: number) => call<State>("POST", "/sitting/stage", { authorization: as(token), body: { stage } });
export const saveAnswers = (token: string, answers: { n: number; item: string; data: Values }[]) =>
  call<Acknowledged>("POST", "/sitting/answers", { authorization: as(token), body: { answers } });
export const takeTurn = (token: string, item: string, turn: number, data: Values) => call<TurnTaken>("POST", "/sitting/turns", { authorization: as(token), body: { item, turn, data } });
