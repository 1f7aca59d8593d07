import type { Mandate } from "../api";

/** When the next turn of moderation begins, so that turns follow one another. */
export function nextTurn(mandates: readonly Mandate[], now: number): number {
  return Math.max(now, ...mandates.filter((m) => m.kind === "moderation").map((m) => m.until + 1000));
}
