import { useId } from "react";
import { useT } from "@/i18n";
import { useAnswering } from "./context";
import { Picture, Prompt } from "./Content";
import { asList, attr, childrenOf, number, type PublicNode } from "./tree";

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The box around an area, in the picture's own pixels. */
export function boxOf(shape: string, coords: readonly number[]): Box {
  const [x = 0, y = 0, third = 0, fourth = third] = coords;
  switch (shape) {
    case "circle":
      return { left: x - third, top: y - third, width: 2 * third, height: 2 * third };
    case "ellipse":
      return { left: x - third, top: y - fourth, width: 2 * third, height: 2 * fourth };
    case "poly": {
      const xs = coords.filter((_, i) => i % 2 === 0);
      const ys = coords.filter((_, i) => i % 2 === 1);
      const left = Math.min(...xs);
      const top = Math.min(...ys);
      return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
    }
    default:
      return { left: x, top: y, width: third - x, height: (coords[3] ?? y) - y };
  }
}

/** Parts of a picture, to be pressed. */
export function HotspotInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const label = useId();
  const response = attr(node, "response");
  const chosen = asList(values[response]);
  const most = number(attr(node, "maxChoices"), 1);
  const picture = childrenOf(node).find((c) => c.tag === "img" || c.tag === "object");
  const spots = childrenOf(node).filter((c) => c.tag === "hotspot");
  const width = number(picture ? attr(picture, "width") : "", 400);
  const height = number(picture ? attr(picture, "height") : "", 300);
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
      <div className="question-map" style={{ maxWidth: `${width}px` }}>
        {picture && <Picture node={picture} />}
        {spots.map((spot, i) => {
          const id = attr(spot, "id");
          const box = boxOf(attr(spot, "shape"), attr(spot, "coords").split(",").map(Number));
          return (
            <button
              key={id}
              type="button"
              className="question-spot"
              data-round={attr(spot, "shape") === "circle" || attr(spot, "shape") === "ellipse" || undefined}
              aria-pressed={chosen.includes(id)}
              aria-label={attr(spot, "hotspotLabel") || t("spot", { number: i + 1 })}
              disabled={disabled}
              onClick={() => press(id)}
              style={{ left: `${(box.left / width) * 100}%`, top: `${(box.top / height) * 100}%`, width: `${(box.width / width) * 100}%`, height: `${(box.height / height) * 100}%` }}
            />
          );
        })}
      </div>
    </div>
  );
}
