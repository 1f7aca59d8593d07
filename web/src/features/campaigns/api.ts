import { queryOptions } from "@tanstack/react-query";
import { api, type Schema, unwrap } from "@/api/client";
import { call } from "@/api/wire";

export type Campaign = Schema<"Campaign">;
export type NewCampaign = Schema<"NewCampaign">;
export type Package = Schema<"Package">;
export type PackageDetail = Schema<"PackageDetail">;
export type Room = Schema<"Room">;
export type RoomSeat = Schema<"RoomSeat">;
export type RoomReport = Schema<"RoomReport">;
export type Act = Schema<"Act">;
export type Results = Schema<"Results">;
export type SeatResult = Schema<"SeatResult">;
export type Aid = Schema<"Aid">;

export interface Finding {
  file: string;
  line?: number;
  severity: "error" | "warning" | "note";
  clause: string;
  message: string;
}

export interface Imported {
  package?: PackageDetail;
  findings: Finding[];
  more: number;
}

export const campaignsQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "campaigns"],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/campaigns", { params: { path: { school } }, signal }))).items,
    staleTime: 0,
  });

export const campaignQuery = (school: string, campaign: string) =>
  queryOptions({
    queryKey: ["school", school, "campaign", campaign],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/campaigns/{campaign}", { params: { path: { school, campaign } }, signal })),
    staleTime: 0,
  });

export const bankQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "tests"],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/tests", { params: { path: { school } }, signal }))).items,
    staleTime: 0,
  });

export const testQuery = (school: string, test: string) =>
  queryOptions({
    queryKey: ["school", school, "test", test],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/tests/{test}", { params: { path: { school, test } }, signal })),
  });

const WATCH = 5_000;

export const roomQuery = (school: string, campaign: string, group: string, sequence: number) =>
  queryOptions({
    queryKey: ["school", school, "room", campaign, group, sequence],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/campaigns/{campaign}/groups/{group}/rooms/{sequence}", { params: { path: { school, campaign, group, sequence } }, signal })),
    refetchInterval: WATCH,
    staleTime: 0,
  });

export const reportQuery = (school: string, campaign: string, group: string, sequence: number) =>
  queryOptions({
    queryKey: ["school", school, "room", campaign, group, sequence, "report"],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/campaigns/{campaign}/groups/{group}/rooms/{sequence}/report", { params: { path: { school, campaign, group, sequence } }, signal })),
    staleTime: 0,
  });

export const resultsQuery = (school: string, campaign: string, group: string, first: boolean) =>
  queryOptions({
    queryKey: ["school", school, "results", campaign, group, first],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/campaigns/{campaign}/groups/{group}/results", { params: { path: { school, campaign, group }, query: { first } }, signal })),
    staleTime: 0,
  });

export const distributionQuery = (school: string, campaign: string) =>
  queryOptions({
    queryKey: ["school", school, "distribution", campaign],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/campaigns/{campaign}/distribution", { params: { path: { school, campaign } }, signal })),
    staleTime: 0,
    retry: false,
  });

export const gridQuery = (school: string, campaign: string, group: string, sequence: number) =>
  queryOptions({
    queryKey: ["school", school, "grid", campaign, group, sequence],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/campaigns/{campaign}/groups/{group}/rooms/{sequence}/grid", { params: { path: { school, campaign, group, sequence } }, signal }))).cells,
    staleTime: 0,
  });

export type Check = Schema<"PaperCheck">;

export const checkQuery = (school: string, campaign: string, group: string, sequence: number) =>
  queryOptions({
    queryKey: ["school", school, "check", campaign, group, sequence],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/campaigns/{campaign}/groups/{group}/rooms/{sequence}/check", { params: { path: { school, campaign, group, sequence } }, signal })),
    staleTime: 0,
  });

export const secondQuery = (school: string, campaign: string, group: string, sequence: number) =>
  queryOptions({
    queryKey: ["school", school, "second", campaign, group, sequence],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/campaigns/{campaign}/groups/{group}/rooms/{sequence}/second", { params: { path: { school, campaign, group, sequence } }, signal }))).cells,
    staleTime: 0,
  });

const roomPath = (school: string, campaign: string, group: string, sequence: number) => `/schools/${school}/campaigns/${campaign}/groups/${group}/rooms/${sequence}`;

export const makeCampaign = (school: string, body: NewCampaign) => call<{ id: string }>("POST", `/schools/${school}/campaigns`, { body });
export const removeCampaign = (school: string, campaign: string) => call<null>("DELETE", `/schools/${school}/campaigns/${campaign}`);
export const rescore = (school: string, campaign: string, packageId: string, why: string) => call<null>("POST", `/schools/${school}/campaigns/${campaign}/rescore`, { body: { packageId, why } });
export const setRoom = (school: string, campaign: string, group: string, sequence: number, open: boolean) => call<null>("PUT", roomPath(school, campaign, group, sequence), { body: { open } });
export const act = (school: string, campaign: string, group: string, sequence: number, sitting: string, body: Act) => call<null>("POST", `${roomPath(school, campaign, group, sequence)}/sittings/${sitting}`, { body });
export const exchange = (school: string, campaign: string, group: string, sequence: number, a: string, b: string) => call<null>("POST", `${roomPath(school, campaign, group, sequence)}/exchange`, { body: { a, b } });
export const setAid = (school: string, campaign: string, group: string, seat: string, body: Aid) => call<null>("PUT", `/schools/${school}/campaigns/${campaign}/groups/${group}/seats/${seat}`, { body });
export const keyCell = (school: string, campaign: string, group: string, sequence: number, seat: string, question: string, code: string) =>
  call<null>("PUT", `${roomPath(school, campaign, group, sequence)}/grid/${seat}`, { body: { question, code } });
export const drawCheck = (school: string, campaign: string, group: string, sequence: number, share: number) => call<null>("POST", `${roomPath(school, campaign, group, sequence)}/check`, { body: { share } });
export const keySecond = (school: string, campaign: string, group: string, sequence: number, seat: string, question: string, code: string) =>
  call<null>("PUT", `${roomPath(school, campaign, group, sequence)}/second/${seat}`, { body: { question, code } });
export const decideCell = (school: string, campaign: string, group: string, sequence: number, seat: string, question: string, code: string) =>
  call<null>("PUT", `${roomPath(school, campaign, group, sequence)}/check/${seat}`, { body: { question, code } });
export const removeTest = (school: string, test: string) => call<null>("DELETE", `/schools/${school}/tests/${test}`);
