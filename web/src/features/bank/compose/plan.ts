import type { BlueprintLine, Kind, Question, TestPlan } from "../api";

/** A question chosen for a test; `points` is absent when the test gives it the question's own. */
export interface Chosen {
  question: string;
  version: number;
  title: string;
  kind: Kind;
  skill: string;
  own: number;
  points?: number;
  /** A newer version is in the bank. */
  newest: number;
}

export interface Part {
  title: string;
  shuffle: boolean;
  chosen: Chosen[];
}

export interface Composition {
  title: string;
  parts: Part[];
  blueprint: BlueprintLine[];
  seed: string;
}

export const empty: Composition = { title: "", parts: [], blueprint: [], seed: "" };

export const choose = (q: Question, points?: number): Chosen => ({ question: q.id, version: q.version, newest: q.version, title: q.title, kind: q.kind, skill: q.skill, own: q.points, ...(points === undefined ? {} : { points }) });

export function toPlan({ title, parts, blueprint, seed }: Composition): TestPlan {
  return {
    title,
    sections: parts.map((p) => ({ title: p.title, shuffle: p.shuffle, picks: p.chosen.map((c) => ({ question: c.question, version: c.version, ...(c.points === undefined || c.points === c.own ? {} : { points: c.points }) })) })),
    ...(seed ? { blueprint, seed } : {}),
  };
}

/** Every question of a test, whatever its part. */
export const chosenIn = (parts: readonly Part[]): Set<string> => new Set(parts.flatMap((p) => p.chosen.map((c) => c.question)));

export const pointsOf = (parts: readonly Part[]): number => parts.reduce((sum, p) => sum + p.chosen.reduce((inner, c) => inner + (c.points ?? c.own), 0), 0);
