import { queryOptions } from "@tanstack/react-query";
import { api, type Schema, unwrap } from "@/api/client";
import { call, wire } from "@/api/wire";

export type CampaignFile = Schema<"CampaignFile">;
export type PublishedCampaign = Schema<"PublishedCampaign">;
export type CampaignPublisher = Schema<"CampaignPublisher">;
export type Opening = Schema<"Opening">;

/** A file may be large and the line slow, in milliseconds. */
const SENDING = 600_000;

export const filesQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "campaign-files"],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/campaign-files", { params: { path: { school } }, signal }))).items,
    staleTime: 0,
  });

export const fileQuery = (school: string, file: string) =>
  queryOptions({
    queryKey: ["school", school, "campaign-files", file],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/campaign-files/{file}", { params: { path: { school, file } }, signal })),
    staleTime: 0,
  });

export const publishersQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "campaign-publishers"],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/campaign-publishers", { params: { path: { school } }, signal }))).items,
    staleTime: 0,
  });

export async function bringFile(school: string, file: File): Promise<PublishedCampaign> {
  const answer = await wire(`/api/v1/schools/${school}/campaign-files`, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file, patience: SENDING });
  return (await answer.json()) as PublishedCampaign;
}

export const acceptFile = (school: string, file: string, fingerprint: string) => call<null>("POST", `/schools/${school}/campaign-files/${file}/accept`, { body: { fingerprint } });
export const openFile = (school: string, file: string, body: Opening) => call<null>("POST", `/schools/${school}/campaign-files/${file}/open`, { body });
export const removeFile = (school: string, file: string) => call<null>("DELETE", `/schools/${school}/campaign-files/${file}`);
export const endPublisher = (school: string, publisher: string, why: string) => call<null>("POST", `/schools/${school}/campaign-publishers/${publisher}/end`, { body: { why } });
