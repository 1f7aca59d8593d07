import { type ReactNode, useId } from "react";
import { useT } from "@/i18n";
import { boxOf } from "./areas";
import { useAnswering } from "./context";
import { Picture, Prompt } from "./Content";
import { asList, attr, childrenOf, number, type PublicNode } from "./tree";

/** The picture of a graphic interaction, and its size in its own pixels. */
export function pictureOf(node: PublicNode): { picture: PublicNode | undefined; width: number; height: number } {
  const picture = childrenOf(node).find((c) => c.tag === "img" || c.tag === "object");
  return { picture, width: number(picture ? attr(picture, "width") : "", 400), height: number(picture ? attr(picture, "height") : "", 300) };
}

/** What the areas of a picture are called: by their author, or by their number. */
export function useSpotNames(spots: readonly PublicNode[]): (spot: PublicNode) => string {
  const t = useT("sitting");
  return (spot) => attr(spot, "hotspotLabel") || t("spot", { number: spots.indexOf(spot) + 1 });
}

/** A picture with areas that are pressed, or only shown with a number. */
export function Areas({ node, spots, pressed, label, inside, onPress }: { node: PublicNode; spots: readonly PublicNode[]; pressed?: (id: string) => boolean; label: (spot: PublicNode) => string; inside?: (id: string) => ReactNode; onPress?: (id: string) => void }) {
  const { disabled } = useAnswering();
  const { picture, width, height } = pictureOf(node);
  return (
    <div className="question-map" style={{ maxWidth: `${width}px` }}>
      {picture && <Picture node={picture} />}
      {spots.map((spot) => {
        const id = attr(spot, "id");
        const shape = attr(spot, "shape");
        const box = boxOf(shape, attr(spot, "coords").split(",").map(Number));
        const place = { left: `${(box.left / width) * 100}%`, top: `${(box.top / height) * 100}%`, width: `${(box.width / width) * 100}%`, height: `${(box.height / height) * 100}%` };
        const round = shape === "circle" || shape === "ellipse" || undefined;
        return onPress ? (
          <button key={id} type="button" className="question-spot" data-round={round} aria-pressed={pressed?.(id) ?? false} aria-label={label(spot)} disabled={disabled} onClick={() => onPress(id)} style={place}>
            {inside?.(id)}
          </button>
        ) : (
          <span key={id} className="question-spot" data-round={round} aria-hidden style={place}>
            {inside?.(id)}
          </span>
        );
      })}
    </div>
  );
}

/** Parts of a picture, to be pressed. */
export function HotspotInteraction({ node }: { node: PublicNode }) {
  const { values, change } = useAnswering();
  const label = useId();
  const response = attr(node, "response");
  const chosen = asList(values[response]);
  const most = number(attr(node, "maxChoices"), 1);
  const spots = childrenOf(node).filter((c) => c.tag === "hotspot");
  const names = useSpotNames(spots);
  const press = (id: string) => {
    if (chosen.includes(id)) return change(response, chosen.filter((c) => c !== id));
    if (most === 1) return change(response, [id]);
    if (most === 0 || chosen.length < most) change(response, [...chosen, id]);
  };
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      <Areas node={node} spots={spots} pressed={(id) => chosen.includes(id)} label={names} onPress={press} />
    </div>
  );
}

/** Parts of a picture, to be pressed in order: each bears its place. */
export function GraphicOrderInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change } = useAnswering();
  const label = useId();
  const response = attr(node, "response");
  const order = asList(values[response]);
  const spots = childrenOf(node).filter((c) => c.tag === "hotspot");
  const names = useSpotNames(spots);
  const press = (id: string) => change(response, order.includes(id) ? order.filter((c) => c !== id) : [...order, id]);
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      <p className="question-hint">{t("press_in_order")}</p>
      <Areas
        node={node}
        spots={spots}
        pressed={(id) => order.includes(id)}
        label={(spot) => (order.includes(attr(spot, "id")) ? t("spot_placed", { what: names(spot), place: order.indexOf(attr(spot, "id")) + 1 }) : names(spot))}
        inside={(id) => (order.includes(id) ? order.indexOf(id) + 1 : "")}
        onPress={press}
      />
    </div>
  );
}
