import type { Content } from "../api";
import type { TextNode } from "../write/document";

/** The files that a content shows, with the words that stand for each. */
export function filesOf(content: Content): { id: string; alt: string }[] {
  const out: { id: string; alt: string }[] = [];
  if (content.pictureId) out.push({ id: content.pictureId, alt: content.pictureAlt ?? "" });
  const walk = (node: TextNode) => {
    if (node.type === "image") out.push({ id: String(node.attrs?.file ?? ""), alt: String(node.attrs?.alt ?? "") });
    if (node.type === "recording") out.push({ id: String(node.attrs?.file ?? ""), alt: String(node.attrs?.name ?? "") });
    for (const child of node.content ?? []) walk(child);
  };
  walk(content.body as unknown as TextNode);
  for (const id of content.about.documents ?? []) out.push({ id, alt: "" });
  return out.filter((file, i) => out.findIndex((f) => f.id === file.id) === i);
}
