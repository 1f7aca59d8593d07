import type { Schema } from "@/api/client";

export type Criterion = Schema<"Criterion">;

const line = /^(\d{1,3}(?:[.,]\d+)?)\s*[:.–-]?\s+(.+)$/;

/** Reads levels written one a line, the points first; null when a line is none. */
export function readLevels(text: string): Criterion["levels"] | null {
  const out: Criterion["levels"] = [];
  for (const one of text.split("\n").map((l) => l.trim()).filter(Boolean)) {
    const [, points, words] = line.exec(one) ?? [];
    if (points === undefined || words === undefined) return null;
    out.push({ points: Number(points.replace(",", ".")), text: words });
  }
  const rises = out.every((l, i) => i === 0 || l.points >= (out[i - 1]?.points ?? 0));
  return out.length >= 2 && out.length <= 6 && rises ? out : null;
}

/** The points of a level of each criterion. */
export const pointsOf = (criteria: readonly Criterion[], levels: readonly number[]): number => criteria.reduce((sum, c, i) => sum + (c.levels[levels[i] ?? -1]?.points ?? 0), 0);

/** The most points. */
export const mostOf = (criteria: readonly Criterion[]): number => criteria.reduce((sum, c) => sum + Math.max(...c.levels.map((l) => l.points)), 0);
