import { createElement, type ReactNode, useContext } from "react";
import { useT } from "@/i18n";
import { Notice } from "@/ui";
import { AssociateInteraction, GapMatchInteraction, GapPlace, MatchInteraction } from "./pairs";
import { ChoiceInteraction, HottextInteraction, HottextPlace, InlineChoiceInteraction } from "./choices";
import { DrawingInteraction } from "./Drawing";
import { EndAttemptInteraction, ExtendedTextInteraction, SliderInteraction, TextEntryInteraction } from "./fields";
import { SurfaceContext, useAnswering } from "./context";
import { GraphicAssociateInteraction, GraphicGapMatchInteraction, MediaInteraction, SelectPointInteraction } from "./graphic";
import { GraphicOrderInteraction, HotspotInteraction } from "./Hotspot";
import { OrderInteraction } from "./Order";
import { PositionObjectStage } from "./Position";
import { attr, childrenOf, type PublicNode } from "./tree";

/** Elements that stand as they are; the server lets no other attribute than these through. */
const html = new Set([
  "p", "div", "span", "b", "i", "u", "em", "strong", "sub", "sup", "small", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption",
  "blockquote", "cite", "q", "code", "pre", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "abbr", "ruby", "rt", "rp", "figure", "figcaption",
]);
const empty = new Set(["br", "hr"]);
const kept = new Set(["lang", "colspan", "rowspan", "scope", "dir", "start"]);
const math = new Set([
  "math", "mi", "mn", "mo", "ms", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mroot", "mstyle", "merror", "mpadded", "mphantom", "menclose", "mfenced", "msub", "msup", "msubsup", "munder", "mover",
  "munderover", "mmultiscripts", "mprescripts", "mtable", "mtr", "mtd", "mlabeledtr", "semantics",
]);
const drawn = new Set(["svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs", "title", "desc"]);

const interactions: Record<string, (props: { node: PublicNode }) => ReactNode> = {
  choiceInteraction: ChoiceInteraction, inlineChoiceInteraction: InlineChoiceInteraction, textEntryInteraction: TextEntryInteraction, extendedTextInteraction: ExtendedTextInteraction,
  orderInteraction: OrderInteraction, matchInteraction: MatchInteraction, gapMatchInteraction: GapMatchInteraction, hottextInteraction: HottextInteraction, sliderInteraction: SliderInteraction,
  hotspotInteraction: HotspotInteraction, associateInteraction: AssociateInteraction, graphicOrderInteraction: GraphicOrderInteraction, graphicAssociateInteraction: GraphicAssociateInteraction,
  graphicGapMatchInteraction: GraphicGapMatchInteraction, selectPointInteraction: SelectPointInteraction, mediaInteraction: MediaInteraction,
  endAttemptInteraction: EndAttemptInteraction, positionObjectStage: PositionObjectStage, drawingInteraction: DrawingInteraction,
};

/** What a question shows, in order. */
export function Content({ nodes }: { nodes: readonly PublicNode[] }) {
  return nodes.map((node, i) => <Part key={i} node={node} />);
}

function Part({ node }: { node: PublicNode }) {
  const { tag } = node;
  const surface = useContext(SurfaceContext);
  if (!tag) return node.text ?? "";
  const Interaction = surface?.parts[tag] ?? (tag.endsWith("Interaction") ? surface?.otherwise : undefined) ?? (Object.hasOwn(interactions, tag) ? interactions[tag] : undefined);
  if (Interaction) return <Interaction node={node} />;
  switch (tag) {
    case "img":
      return <Picture node={node} />;
    case "audio":
    case "video":
      return <Sound node={node} />;
    case "object":
      return attr(node, "type").startsWith("image/") ? <Picture node={node} /> : <Content nodes={childrenOf(node)} />;
    case "gap":
      return <GapPlace node={node} />;
    case "hottext":
      return <HottextPlace node={node} />;
    case "prompt":
      return null; // its interaction shows it
  }
  if (tag.endsWith("Interaction")) return <Unknown />;
  const inside = <Content nodes={childrenOf(node)} />;
  if (html.has(tag)) {
    // A title of a question stands below the page's own.
    const name = /^h[1-6]$/.test(tag) ? "h3" : tag;
    return createElement(name, attributes(node), empty.has(tag) ? undefined : inside);
  }
  // The server says which vocabulary an element of a formula or of a drawing is of: math:mfrac, svg:path.
  const [space, name = ""] = tag.split(":");
  if ((space === "math" && math.has(name)) || (space === "svg" && drawn.has(name))) return createElement(name, attributes(node, true), inside);
  return inside;
}

/** Names of attributes of formulas and drawings; `owned` are those that run, load, or mean something to React. */
const plain = /^[a-z][a-z0-9-]*$/i;
const owned = /^on|href|^(style|class|classname|src|ref|key|children|dangerouslysetinnerhtml|is|id)$/i;

function attributes(node: PublicNode, foreign = false): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(node.attrs ?? {})) {
    if (foreign ? plain.test(name) && !owned.test(name) : kept.has(name)) out[name === "colspan" ? "colSpan" : name === "rowspan" ? "rowSpan" : name] = value;
  }
  return out;
}

export function Picture({ node }: { node: PublicNode }) {
  const { files } = useAnswering();
  const src = files[attr(node, "asset")];
  const alt = attr(node, "alt") || childrenOf(node).map((c) => c.text ?? "").join("");
  if (!src) return <span className="question-missing">{alt}</span>;
  return <img className="question-picture" src={src} alt={alt} width={attr(node, "width") || undefined} height={attr(node, "height") || undefined} />;
}

function Sound({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { files } = useAnswering();
  const src = files[attr(node, "asset")];
  if (!src) return <p className="question-missing">{t("sound_missing")}</p>;
  return node.tag === "video" ? <video className="question-film" src={src} controls preload="auto" /> : <audio className="question-sound" src={src} controls preload="auto" aria-label={t("sound")} />;
}

function Unknown() {
  const t = useT("sitting");
  return <Notice tone="sun">{t("cannot_answer")}</Notice>;
}

/** The prompt of an interaction; null when it has none. */
export function Prompt({ node }: { node: PublicNode }) {
  const prompt = childrenOf(node).find((c) => c.tag === "prompt");
  return prompt ? <Content nodes={childrenOf(prompt)} /> : null;
}
