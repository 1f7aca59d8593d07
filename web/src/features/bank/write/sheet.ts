import type { Draft, Kind } from "../api";

/** A draft with each of its parts there, as the form holds it. */
export type Sheet = Required<Omit<Draft, "picture">> & { picture: NonNullable<Draft["picture"]> | null };
export type Block = Draft["stem"][number];
export type Answer = Sheet["answers"][number];
export type Gap = Sheet["gaps"][number];
export type Pair = Sheet["pairs"][number];
export type Area = Sheet["areas"][number];
export type Picture = NonNullable<Draft["picture"]>;

/** In the order in which they are offered. */
export const kinds: readonly Kind[] = ["choice", "several", "short", "gap", "inline", "order", "match", "hotspot", "long"];

export const isKind = (text: string): text is Kind => (kinds as readonly string[]).includes(text);

/** Limits that the server holds too. */
export const most = { answers: 12, gaps: 12, others: 6, extra: 8, accepted: 20, areas: 20, blocks: 12 } as const;

const nothing: Omit<Sheet, "kind"> = {
  title: "", language: "fr", skill: "", points: 1, partial: false, stem: [], ask: "", shuffle: true, answers: [], text: "", gaps: [], pairs: [], extra: [], before: "", after: "", accepted: [], number: false,
  margin: 0, exact: false, lines: 0, guide: "", picture: null, areas: [], whenRight: "", whenWrong: "",
};

/** A draft with room for a first answer. */
export function blank(kind: Kind): Sheet {
  const answers = (count: number): Answer[] => Array.from({ length: count }, () => ({ text: "" }));
  switch (kind) {
    case "choice":
    case "several":
    case "order":
      return { ...nothing, kind, answers: answers(3) };
    case "match":
      return { ...nothing, kind, pairs: [{ left: "", right: "" }, { left: "", right: "" }] };
    case "short":
      return { ...nothing, kind, accepted: [""] };
    case "long":
      return { ...nothing, kind, lines: 8, points: 4 };
  }
  return { ...nothing, kind };
}

export const toSheet = (draft: Draft): Sheet => ({ ...nothing, ...draft, picture: draft.picture ?? null });

/** What the server is given: what was added and left blank in a list is left out. */
export function toDraft(sheet: Sheet): Draft {
  const { picture, ...rest } = sheet;
  const filled = (list: readonly string[]) => list.filter((text) => text.trim() !== "");
  return {
    ...rest,
    extra: filled(sheet.extra),
    gaps: sheet.gaps.map((g) => ({ right: g.right, ...(sheet.kind === "inline" ? { others: filled(g.others ?? []) } : {}) })),
    ...(picture ? { picture } : {}),
  };
}

/** The list with one of its elements changed. */
export const changed = <T>(list: readonly T[], at: number, part: Partial<T>): T[] => list.map((one, i) => (i === at ? { ...one, ...part } : one));

/** The list without one of its elements. */
export const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, i) => i !== at);

/**
 * A text once the words between two places have become the next gap. They are the
 * right answer of it.
 */
export function withGap(text: string, gaps: readonly Gap[], from: number, to: number): { text: string; gaps: Gap[]; caret: number } {
  const chosen = text.slice(from, to);
  const right = chosen.trim();
  const lead = chosen.slice(0, chosen.length - chosen.trimStart().length);
  const tail = right ? chosen.slice(lead.length + right.length) : "";
  const mark = `[${gaps.length + 1}]`;
  return { text: text.slice(0, from) + lead + mark + tail + text.slice(to), gaps: [...gaps, { right, others: [""] }], caret: from + lead.length + mark.length };
}

/** A text without one of its gaps: its word comes back, and those after it move down by one. */
export function withoutGap(text: string, gaps: readonly Gap[], at: number): { text: string; gaps: Gap[] } {
  const word = gaps[at]?.right ?? "";
  const moved = text.replace(/\[(\d{1,2})\]/g, (mark, digits: string) => {
    const n = Number(digits);
    return n === at + 1 ? word : n > at + 1 ? `[${n - 1}]` : mark;
  });
  return { text: moved, gaps: without(gaps, at) };
}
