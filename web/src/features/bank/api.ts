import { queryOptions } from "@tanstack/react-query";
import { api, type Schema, unwrap } from "@/api/client";
import { wire } from "@/api/wire";
import type { ItemView } from "@/features/sitting/api";
import type { PublicNode, Values } from "@/features/sitting/render/tree";

export type Draft = Schema<"Draft">;
export type Kind = Draft["kind"];
export type Question = Schema<"Question">;
export type QuestionDetail = Schema<"QuestionDetail">;
/** A picture or a sound, as the server kept it. */
export interface QuestionFile {
  id: string;
  kind: "picture" | "sound";
  mediaType: string;
  width: number;
  height: number;
}
export type TestPlan = Schema<"TestPlan">;
export type TestSection = Schema<"TestSection">;
export type BlueprintLine = Schema<"BlueprintLine">;
export type Problems = readonly Schema<"DraftFinding">[];

/** A sound of twenty megabytes on a slow line. In ms. */
const SENDING = 300_000;

const key = (school: string, ...rest: readonly unknown[]) => ["school", school, "questions", ...rest] as const;
export const questionsKey = key;

export const questionsQuery = (school: string) =>
  queryOptions({
    queryKey: key(school, "list"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/questions", { params: { path: { school } }, signal }))).items,
    staleTime: 0,
  });

export const questionQuery = (school: string, question: string, version = 0) =>
  queryOptions({
    queryKey: key(school, "one", question, version),
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/questions/{question}", { params: { path: { school, question }, query: { version } }, signal })),
    staleTime: 0,
    gcTime: 0,
  });

export const madeTestQuery = (school: string, test: string) =>
  queryOptions({
    queryKey: key(school, "made", test),
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/made-tests/{test}", { params: { path: { school, test } }, signal })),
    staleTime: 0,
    gcTime: 0,
  });

export const writeQuestion = (school: string, draft: Draft) => unwrap(api.POST("/schools/{school}/questions", { params: { path: { school } }, body: draft }));

export const reviseQuestion = (school: string, question: string, savedAt: number, draft: Draft) =>
  unwrap(api.PUT("/schools/{school}/questions/{question}", { params: { path: { school, question } }, body: { savedAt, draft } }));

export const removeQuestion = (school: string, question: string) => unwrap(api.DELETE("/schools/{school}/questions/{question}", { params: { path: { school, question } } }));

/** A draft as a pupil would see it, and what answers to it are worth. */
export interface Tried {
  problems: Problems;
  view?: ItemView;
  score?: number;
  said?: PublicNode[];
}

/** The same draft keeps the same order, so that what is tried stays what is seen. */
const SEED = 7;

export async function tryDraft(school: string, draft: Draft, answers: Values, signal?: AbortSignal): Promise<Tried> {
  return (await unwrap(api.POST("/schools/{school}/question-try", { params: { path: { school } }, body: { draft, seed: SEED, answers }, signal }))) as unknown as Tried;
}

export const makeTest = (school: string, plan: TestPlan, replaces: string | undefined) =>
  unwrap(api.POST("/schools/{school}/made-tests", { params: { path: { school } }, body: { plan, ...(replaces ? { replaces } : {}) } }));

export const drawQuestions = (school: string, lines: BlueprintLine[], seed: string) =>
  unwrap(api.POST("/schools/{school}/question-draw", { params: { path: { school } }, body: { lines, ...(seed ? { seed } : {}) } }));

export async function sendFile(school: string, file: File): Promise<QuestionFile> {
  const answer = await wire(`/api/v1/schools/${school}/question-files`, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" }, patience: SENDING });
  return (await answer.json()) as QuestionFile;
}

export const fileAddress = (school: string, id: string) => `/api/v1/schools/${school}/question-files/${id}`;
export const exportAddress = (school: string, question: string, version: number) => `/api/v1/schools/${school}/questions/${question}/versions/${version}/export`;
export const testExportAddress = (school: string, test: string) => `/api/v1/schools/${school}/tests/${test}/export`;
