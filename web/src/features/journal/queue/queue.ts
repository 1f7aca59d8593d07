import type { Contribution } from "../api";

/** What a key decides about the contribution that has focus. */
export type Move = "pass" | "answer" | "refuse" | "spam" | "select" | "next" | "previous";

const keysOf: Readonly<Record<string, Move>> = { p: "pass", r: "answer", x: "refuse", s: "spam", " ": "select", j: "next", ArrowDown: "next", k: "previous", ArrowUp: "previous" };

/** The move of a key; none with a modifier held, which belongs to the browser. */
export function moveOf(event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }): Move | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return keysOf[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null;
}

/** Who should have focus once some are gone: the first that stays after the one that had it, else the last before. */
export function after(list: readonly string[], gone: ReadonlySet<string>, from: string): string | null {
  const at = Math.max(0, list.indexOf(from));
  return list.slice(at).find((id) => !gone.has(id)) ?? list.slice(0, at).findLast((id) => !gone.has(id)) ?? null;
}

/** Those of the same author, as they named themselves, whatever the case; or of the same network on the same day. */
export function alike(list: readonly Contribution[], one: Contribution, by: "name" | "source"): string[] {
  const fold = (text: string) => text.trim().toLocaleLowerCase("fr");
  return list.filter((c) => (by === "name" ? fold(c.name) === fold(one.name) : c.source !== "" && c.source === one.source)).map((c) => c.id);
}

/** The paragraphs of a message: a blank line parts them. */
export const paragraphs = (text: string): string[] => text.split(/\n{2,}/).map((p) => p.trim()).filter(Boolean);
