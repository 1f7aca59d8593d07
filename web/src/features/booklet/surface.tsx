import { createContext, useContext } from "react";
import { useT } from "@/i18n";
import { boxOf } from "../sitting/render/areas";
import { Content, Picture, Prompt } from "../sitting/render/Content";
import type { Surface } from "../sitting/render/context";
import { pictureOf } from "../sitting/render/Hotspot";
import { all, attr, childrenOf, number, type PublicNode, words } from "../sitting/render/tree";

const choicesOf = (node: PublicNode) => childrenOf(node).filter((c) => c.tag === "choice");
const letter = (i: number) => String.fromCharCode(65 + (i % 26));

/** The prompt and what to do with the pencil. */
function Ask({ node, how }: { node: PublicNode; how: string }) {
  return (
    <>
      <div className="paper-prompt">
        <Prompt node={node} />
      </div>
      <p className="paper-how">{how}</p>
    </>
  );
}

function Choice({ node }: { node: PublicNode }) {
  const t = useT("booklet");
  const most = number(attr(node, "maxChoices"), 1);
  return (
    <div className="paper-part">
      <Ask node={node} how={most === 1 ? t("one_box") : most === 0 ? t("many_boxes") : t("at_most", { count: most })} />
      <ul className="paper-boxes">
        {choicesOf(node).map((c) => (
          <li key={attr(c, "id")}>
            <span className="paper-box" />
            <span>
              <Content nodes={childrenOf(c)} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function InlineChoice({ node }: { node: PublicNode }) {
  return <span className="paper-inline">{choicesOf(node).map(words).join(" / ")}</span>;
}

function TextEntry({ node }: { node: PublicNode }) {
  return <span className={number(attr(node, "expectedLength"), 12) > 20 ? "paper-line paper-line-long" : "paper-line"} />;
}

function LongText({ node }: { node: PublicNode }) {
  const lines = Math.min(24, Math.max(5, number(attr(node, "expectedLines"), 8)));
  return (
    <div className="paper-part">
      <div className="paper-prompt">
        <Prompt node={node} />
      </div>
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} className="paper-rule" />
      ))}
    </div>
  );
}

function Order({ node }: { node: PublicNode }) {
  const t = useT("booklet");
  return (
    <div className="paper-part">
      <Ask node={node} how={t("order")} />
      <ul className="paper-boxes">
        {choicesOf(node).map((c) => (
          <li key={attr(c, "id")}>
            <span className="paper-number" />
            <span>
              <Content nodes={childrenOf(c)} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Match({ node }: { node: PublicNode }) {
  const t = useT("booklet");
  const [left, right] = childrenOf(node).filter((c) => c.tag === "matchSet").map(choicesOf);
  return (
    <div className="paper-part">
      <Ask node={node} how={t("match")} />
      <div className="paper-match">
        <ul>
          {left?.map((c) => (
            <li key={attr(c, "id")}>
              <span>
                <Content nodes={childrenOf(c)} />
              </span>
              <span className="paper-dot" />
            </li>
          ))}
        </ul>
        <ul>
          {right?.map((c) => (
            <li key={attr(c, "id")}>
              <span className="paper-dot" />
              <span>
                <Content nodes={childrenOf(c)} />
              </span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Couples({ node }: { node: PublicNode }) {
  const t = useT("booklet");
  const choices = choicesOf(node);
  return (
    <div className="paper-part">
      <Ask node={node} how={t("couples")} />
      <Lettered choices={choices} />
      <p>
        {Array.from({ length: Math.max(1, number(attr(node, "maxAssociations"), 0) || Math.floor(choices.length / 2)) }, (_, i) => (
          <span key={i} className="paper-couple">
            <span className="paper-number" /> – <span className="paper-number" />
          </span>
        ))}
      </p>
    </div>
  );
}

function Lettered({ choices }: { choices: readonly PublicNode[] }) {
  return (
    <ul className="paper-boxes">
      {choices.map((c, i) => (
        <li key={attr(c, "id")}>
          <strong>{letter(i)}</strong>
          <span>
            <Content nodes={childrenOf(c)} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function GapMatch({ node }: { node: PublicNode }) {
  const t = useT("booklet");
  const flow = childrenOf(node).filter((c) => c.tag !== "choice" && c.tag !== "prompt");
  return (
    <div className="paper-part">
      <Ask node={node} how={t("gaps")} />
      <ul className="paper-words">
        {choicesOf(node).map((c) => (
          <li key={attr(c, "id")}>
            <Content nodes={childrenOf(c)} />
          </li>
        ))}
      </ul>
      <Content nodes={flow} />
    </div>
  );
}

const HottextContext = createContext(false);

function Hottext({ node }: { node: PublicNode }) {
  const t = useT("booklet");
  return (
    <div className="paper-part">
      <Ask node={node} how={t("circle_words")} />
      <HottextContext value>
        <Content nodes={childrenOf(node)} />
      </HottextContext>
    </div>
  );
}

function HottextPlace({ node }: { node: PublicNode }) {
  const inside = <Content nodes={childrenOf(node)} />;
  return useContext(HottextContext) ? <span className="paper-hottext">{inside}</span> : inside;
}

/** A picture with its areas drawn, each with what stands in it. */
function Areas({ node, inside }: { node: PublicNode; inside?: (i: number) => string }) {
  const { picture, width, height } = pictureOf(node);
  const spots = childrenOf(node).filter((c) => c.tag === "hotspot");
  return (
    <div className="paper-map" style={{ width: `${width}px` }}>
      {picture && <Picture node={picture} />}
      {spots.map((spot, i) => {
        const shape = attr(spot, "shape");
        const box = boxOf(shape, attr(spot, "coords").split(",").map(Number));
        const place = { left: `${(box.left / width) * 100}%`, top: `${(box.top / height) * 100}%`, width: `${(box.width / width) * 100}%`, height: `${(box.height / height) * 100}%` };
        return (
          <span key={attr(spot, "id")} className="paper-spot" data-round={shape === "circle" || shape === "ellipse" || undefined} style={place}>
            {inside?.(i)}
          </span>
        );
      })}
    </div>
  );
}

function Hotspot({ node }: { node: PublicNode }) {
  const t = useT("booklet");
  return (
    <div className="paper-part">
      <Ask node={node} how={t(node.tag === "graphicOrderInteraction" ? "spot_order" : "spot")} />
      <Areas node={node} />
    </div>
  );
}

function GraphicCouples({ node }: { node: PublicNode }) {
  const t = useT("booklet");
  const spots = childrenOf(node).filter((c) => c.tag === "hotspot");
  return (
    <div className="paper-part">
      <Ask node={node} how={t("couples")} />
      <Areas node={node} inside={letter} />
      <p>
        {Array.from({ length: Math.max(1, number(attr(node, "maxAssociations"), 0) || Math.floor(spots.length / 2)) }, (_, i) => (
          <span key={i} className="paper-couple">
            <span className="paper-number" /> – <span className="paper-number" />
          </span>
        ))}
      </p>
    </div>
  );
}

function GraphicGaps({ node }: { node: PublicNode }) {
  const t = useT("booklet");
  return (
    <div className="paper-part">
      <Ask node={node} how={t("spot_letters")} />
      <Lettered choices={choicesOf(node)} />
      <Areas node={node} />
    </div>
  );
}

function Slider({ node }: { node: PublicNode }) {
  const t = useT("booklet");
  return (
    <div className="paper-part">
      <div className="paper-prompt">
        <Prompt node={node} />
      </div>
      <p className="paper-how">
        {t("slider")}
        <span className="paper-number" />
      </p>
      <div className="paper-slider">
        <span>{attr(node, "lowerBound") || "0"}</span>
        <span className="paper-axis" />
        <span>{attr(node, "upperBound") || "100"}</span>
      </div>
    </div>
  );
}

function Sound() {
  const t = useT("booklet");
  return <span className="paper-listen">{t("listen")}</span>;
}

function MediaPart({ node }: { node: PublicNode }) {
  return (
    <div className="paper-part">
      <div className="paper-prompt">
        <Prompt node={node} />
      </div>
      <Sound />
    </div>
  );
}

function Drawing({ node }: { node: PublicNode }) {
  const { picture, width, height } = pictureOf(node);
  return (
    <div className="paper-part">
      <div className="paper-prompt">
        <Prompt node={node} />
      </div>
      <div className="paper-map paper-sheet-drawn" style={{ width: `${width}px`, minHeight: `${height}px` }}>
        {picture && <Picture node={picture} />}
      </div>
    </div>
  );
}

function Never() {
  const t = useT("booklet");
  return <p className="paper-how">{t("not_on_paper")}</p>;
}

/** A question on paper: boxes, lines and dots where the screen has controls. */
export const paper: Surface = {
  parts: {
    choiceInteraction: Choice, inlineChoiceInteraction: InlineChoice, textEntryInteraction: TextEntry, extendedTextInteraction: LongText, orderInteraction: Order, matchInteraction: Match,
    associateInteraction: Couples, gapMatchInteraction: GapMatch, gap: () => <span className="paper-line" />, hottextInteraction: Hottext, hottext: HottextPlace, hotspotInteraction: Hotspot,
    selectPointInteraction: Hotspot, graphicOrderInteraction: Hotspot, graphicAssociateInteraction: GraphicCouples, graphicGapMatchInteraction: GraphicGaps, sliderInteraction: Slider,
    mediaInteraction: MediaPart, drawingInteraction: Drawing, positionObjectStage: Never, audio: Sound, video: Sound,
  },
  otherwise: Never,
};

const never = new Set(["positionObjectInteraction", "uploadInteraction", "customInteraction", "portableCustomInteraction", "endAttemptInteraction"]);

/** Whether a question can be done on paper. */
export const onPaper = (question: { kinds: readonly string[]; turns: boolean }): boolean => !question.turns && !question.kinds.some((k) => never.has(k));

/** Whether a question has something to listen to. */
export const listened = (body: readonly PublicNode[]): boolean => all(body, "audio").length + all(body, "video").length + all(body, "mediaInteraction").length > 0;

/** The prompts of a question, as words. */
export const promptsOf = (body: readonly PublicNode[]): string[] => all(body, "prompt").map((p) => words(p).trim()).filter(Boolean);
