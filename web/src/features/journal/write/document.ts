/** A node of the editor's JSON, as the server keeps it; internal/journal/text says what it may hold. */
export interface TextNode {
  type: string;
  attrs?: Record<string, unknown>;
  content?: TextNode[];
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  text?: string;
}

/** The attributes that the server knows, by node. */
const kept: Readonly<Record<string, readonly string[]>> = {
  heading: ["level"],
  orderedList: ["start"],
  image: ["file", "alt", "credit", "caption"],
  recording: ["file", "kind", "name", "words", "credit", "captions"],
  formula: ["source"],
};

const nodes: ReadonlySet<string> = new Set(["doc", "paragraph", "heading", "bulletList", "orderedList", "listItem", "blockquote", "image", "recording", "formula", "horizontalRule", "hardBreak", "text"]);
const marks: ReadonlySet<string> = new Set(["bold", "italic", "link"]);

/** The editor's JSON with only what the server knows: no attribute of the editor's own goes out. */
export function forServer(node: TextNode): TextNode {
  const out: TextNode = { type: node.type };
  if (node.text !== undefined) out.text = node.text;
  const names = kept[node.type];
  if (names && node.attrs) {
    const { attrs } = node;
    out.attrs = Object.fromEntries(names.filter((n) => attrs[n] !== undefined && attrs[n] !== null).map((n) => [n, attrs[n]]));
  }
  const inked = (node.marks ?? []).filter((m) => marks.has(m.type)).map((m) => (m.type === "link" ? { type: "link", attrs: { href: m.attrs?.href } } : { type: m.type }));
  if (inked.length > 0) out.marks = inked;
  if (node.content) out.content = node.content.filter((n) => nodes.has(n.type)).map(forServer);
  return out;
}

/** A text that holds nothing. */
export const emptyText: TextNode = { type: "doc", content: [] };

/** How long a link may be. */
const LONGEST = 2000;

/** A link as the server takes it, or null: a page of the web, or a mailbox. What is typed without its scheme is taken for a page. */
export function linkOf(typed: string): string | null {
  let text = typed.trim();
  if (text === "" || text.length > LONGEST || /\s/.test(text)) return null;
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(text)) text = `mailto:${text}`;
  else if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) text = `https://${text}`;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  if (url.protocol === "mailto:") return url.pathname.includes("@") ? url.href : null;
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  return url.username || url.password || !url.hostname.includes(".") ? null : url.href;
}

/** How many words a text has. */
export function countWords(node: TextNode): number {
  const words: string[] = [];
  const walk = (n: TextNode) => {
    if (n.text !== undefined) words.push(n.text);
    for (const child of n.content ?? []) walk(child);
    if (n.type !== "text") words.push(" ");
  };
  walk(node);
  return words.join("").split(/[\s\u00a0\u202f]+/).filter((w) => /[\p{L}\p{N}]/u.test(w)).length;
}
