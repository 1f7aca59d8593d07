import { queryOptions } from "@tanstack/react-query";
import { call } from "@/api/wire";
import type { ItemView } from "../sitting/api";
import type { PublicNode } from "../sitting/render/tree";

export interface BookletQuestion {
  number: number;
  title: string;
  kinds: string[];
  /** It takes several turns, and paper has one. */
  turns: boolean;
  view: ItemView;
  said: PublicNode[];
}

export interface Booklet {
  title: string;
  name: string;
  minutes: number;
  stages: { part: string; title: string; routed: boolean; questions: BookletQuestion[] }[];
}

export const bookletQuery = (school: string, campaign: string, group: string, sequence: number) =>
  queryOptions({
    queryKey: ["school", school, "booklet", campaign, group, sequence],
    queryFn: ({ signal }) => call<Booklet>("GET", `/schools/${school}/campaigns/${campaign}/groups/${group}/rooms/${sequence}/booklet`, { signal }),
  });
