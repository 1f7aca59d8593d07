/** The public part of a question, as the server gives it: see docs/qti.md. */
export interface PublicNode {
  tag?: string;
  attrs?: Record<string, string>;
  children?: PublicNode[];
  text?: string;
}

/** What is answered to one interaction: a text, or choices; pairs are written "c1 c2". */
export type Value = string | string[];
export type Values = Record<string, Value>;

export const attr = (node: PublicNode, name: string): string => node.attrs?.[name] ?? "";
export const childrenOf = (node: PublicNode): PublicNode[] => node.children ?? [];
export const number = (text: string, otherwise: number): number => {
  const value = Number(text);
  return text !== "" && Number.isFinite(value) ? value : otherwise;
};

/** The words of a node, for labels. */
export function words(node: PublicNode): string {
  if (!node.tag) return node.text ?? "";
  if (node.tag === "math:math" && attr(node, "alttext")) return attr(node, "alttext");
  if (node.tag === "img" || node.tag === "object") return attr(node, "alt") || childrenOf(node).map(words).join("");
  return childrenOf(node).map(words).join("");
}

/** Every node of a tag, at any depth. */
export function all(nodes: readonly PublicNode[], tag: string): PublicNode[] {
  return nodes.flatMap((n) => (n.tag === tag ? [n] : all(childrenOf(n), tag)));
}

export const asList = (value: Value | undefined): string[] => (Array.isArray(value) ? value : value ? [value] : []);
export const asText = (value: Value | undefined): string => (Array.isArray(value) ? (value[0] ?? "") : (value ?? ""));

/** Whether a question has an answer. */
export const isAnswered = (values: Values | undefined): boolean => Object.values(values ?? {}).some((v) => (Array.isArray(v) ? v.length > 0 : v.trim() !== ""));

/** The second of the pair that begins with an id. */
export function partner(pairs: readonly string[], first: string): string {
  return pairs.map((p) => p.split(" ")).find(([a]) => a === first)?.[1] ?? "";
}

/** The pairs once `first` goes with `second`, or with nothing. */
export function withPair(pairs: readonly string[], first: string, second: string): string[] {
  const others = pairs.filter((p) => p.split(" ")[0] !== first);
  return second ? [...others, `${first} ${second}`] : others;
}

/** The list once the element at `from` stands at `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const out = [...list];
  const [one] = out.splice(from, 1);
  if (one !== undefined) out.splice(Math.max(0, Math.min(out.length, to)), 0, one);
  return out;
}
