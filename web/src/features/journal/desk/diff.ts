import type { Content } from "../api";
import type { TextNode } from "../write/document";

/** A run of words that stayed, came or went. */
export type Run = { as: "same" | "added" | "removed"; text: string };

/** One line of a comparison: whole when it stayed, came or went, by its words when it was changed. */
export type Line = { as: "same" | "added" | "removed" | "changed"; runs: Run[] };

/** The longest common part of two lists, as pairs of places. Quadratic: the lists are bounded by the caller. */
function common<T>(a: readonly T[], b: readonly T[]): [number, number][] {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = a[i] === b[j] ? (table[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(table[(i + 1) * width + j] ?? 0, table[i * width + j + 1] ?? 0);
    }
  }
  const out: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) out.push([i++, j++]);
    else if ((table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return out;
}

/** Lists longer than this are compared as wholes: a browser must not stand still. */
const LONGEST = 3_000;

function runs(before: string, after: string): Run[] {
  const cut = (text: string) => text.match(/\s+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
  const [a, b] = [cut(before), cut(after)];
  if (a.length > LONGEST || b.length > LONGEST) return [{ as: "removed", text: before }, { as: "added", text: after }];
  const out: Run[] = [];
  const add = (as: Run["as"], text: string) => {
    const last = out.at(-1);
    if (text === "") return;
    if (last?.as === as) last.text += text;
    else out.push({ as, text });
  };
  let [i, j] = [0, 0];
  for (const [x, y] of [...common(a, b), [a.length, b.length] as [number, number]]) {
    add("removed", a.slice(i, x).join(""));
    add("added", b.slice(j, y).join(""));
    if (x < a.length) add("same", a[x] ?? "");
    [i, j] = [x + 1, y + 1];
  }
  return out;
}

/** How much of two lines is the same, from 0 to 1. */
function likeness(of: readonly Run[]): number {
  const length = (as: Run["as"]) => of.filter((r) => r.as === as).reduce((n, r) => n + r.text.length, 0);
  return (2 * length("same")) / Math.max(1, 2 * length("same") + length("added") + length("removed"));
}

/** Compares two lists of lines: those that stayed are paired, a line that resembles what went in its place is shown by its words. */
export function compare(before: readonly string[], after: readonly string[]): Line[] {
  const out: Line[] = [];
  const whole = (as: "added" | "removed", text: string) => out.push({ as, runs: [{ as, text }] });
  const gap = (gone: readonly string[], come: readonly string[]) => {
    let used = 0;
    for (const text of gone) {
      const at = come.findIndex((other, n) => n >= used && likeness(runs(text, other)) >= 0.4);
      if (at < 0) {
        whole("removed", text);
        continue;
      }
      for (; used < at; used++) whole("added", come[used] ?? "");
      out.push({ as: "changed", runs: runs(text, come[used++] ?? "") });
    }
    for (; used < come.length; used++) whole("added", come[used] ?? "");
  };
  const pairs = before.length > LONGEST || after.length > LONGEST ? [] : common(before, after);
  let [i, j] = [0, 0];
  for (const [x, y] of [...pairs, [before.length, after.length] as [number, number]]) {
    gap(before.slice(i, x), after.slice(j, y));
    const same = before[x];
    if (same !== undefined) out.push({ as: "same", runs: [{ as: "same", text: same }] });
    [i, j] = [x + 1, y + 1];
  }
  return out;
}

function textOf(node: TextNode): string {
  if (node.type === "hardBreak") return "\n";
  if (node.type === "image") return [node.attrs?.alt, node.attrs?.caption, node.attrs?.credit].filter(Boolean).join(" · ");
  if (node.type === "recording") return [node.attrs?.name, node.attrs?.words, node.attrs?.credit].filter(Boolean).join(" · ");
  if (node.type === "formula") return String(node.attrs?.source ?? "");
  const link = node.marks?.find((m) => m.type === "link")?.attrs?.href;
  return (node.text ?? "") + (node.content?.map(textOf).join("") ?? "") + (link ? ` (${String(link)})` : "");
}

function blocks(node: TextNode): string[] {
  if (["paragraph", "heading", "image", "recording"].includes(node.type)) return [textOf(node)].filter((line) => line.trim() !== "");
  return node.content?.flatMap(blocks) ?? [];
}

/** How what is not text is written in a comparison. */
export interface InWords {
  audience: (about: Content["about"]) => string;
  theme: (id: string) => string;
  collective: (id: string) => string;
  moment: (at: number) => string;
  document: (n: number) => string;
}

/** All of a content, a line each, with where it is filed and how far it is seen, so that nothing changes without being seen. */
export function linesOf(content: Content, words: InWords): string[] {
  const { about } = content;
  const { cited } = about;
  return [
    content.kicker,
    content.title,
    content.standfirst,
    [content.pictureId ? content.pictureAlt || "…" : "", content.credit].filter(Boolean).join(" · "),
    ...(cited ? [cited.title, [cited.author, cited.outlet, cited.date].filter(Boolean).join(", "), cited.url, cited.quote] : []),
    ...(about.happening ? [[about.happening.startsAt, about.happening.endsAt ?? 0].filter((at) => at > 0).map(words.moment).join(" – "), about.happening.place] : []),
    ...blocks(content.body as unknown as TextNode),
    ...(about.sources ?? []).map((s) => `${s.title} ${s.url}`.trim()),
    ...(about.documents ?? []).map((_, i) => words.document(i + 1)),
    (about.tags ?? []).join(", "),
    (about.themes ?? []).map(words.theme).join(", "),
    about.collective ? words.collective(about.collective) : "",
    words.audience(about),
  ].filter((line): line is string => Boolean(line?.trim()));
}
