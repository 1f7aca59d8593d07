import { type PointerEvent, useId, useRef, useState } from "react";
import { useT } from "@/i18n";
import { announce } from "@/ui";
import { useAnswering } from "./context";
import { Content, Picture, Prompt } from "./Content";
import { pictureOf } from "./Hotspot";
import { asList, attr, childrenOf, number, type PublicNode, words } from "./tree";

/** How far an arrow key moves a picture, as a part of the stage. With Shift it is one pixel. */
const STEP = 0.02;
/** How often one picture may stand on the stage, where the question sets no limit. */
const MOST = 30;

interface At {
  x: number;
  y: number;
}

/** A picture on its way: from the tray when `index` is null. */
interface Held extends At {
  response: string;
  index: number | null;
  /** From the place that counts to the finger, in pixels of the stage. */
  off: At;
  inside: boolean;
}

const pointOf = (text: string): At => {
  const [x = 0, y = 0] = text.split(" ").map(Number);
  return { x, y };
};

/** A stage and the pictures to put on it: dragged, moved by the arrow keys, or by their numbers. */
export function PositionObjectStage({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const hint = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [held, setShown] = useState<Held | null>(null);
  // What the finger holds now: several of its moves may come before the page is drawn again.
  const holding = useRef<Held | null>(null);
  const setHeld = (next: Held | null) => {
    holding.current = next;
    setShown(next);
  };
  const { picture, width, height } = pictureOf(node);
  const pieces = childrenOf(node).filter((c) => c.tag === "positionObjectInteraction");
  const nameOf = (piece: PublicNode) => {
    const { picture: own } = pictureOf(piece);
    return (own ? words(own).trim() : "") || t("picture", { number: pieces.indexOf(piece) + 1 });
  };
  const placed = (response: string) => asList(values[response]);
  const kept = (at: At): At => ({ x: Math.min(width - 1, Math.max(0, Math.round(at.x))), y: Math.min(height - 1, Math.max(0, Math.round(at.y))) });
  const put = (response: string, index: number | null, at: At) => {
    const { x, y } = kept(at);
    const points = placed(response);
    change(response, index === null ? [...points, `${x} ${y}`] : points.map((p, i) => (i === index ? `${x} ${y}` : p)));
    announce(t("point_at", { x, y }));
  };
  const remove = (response: string, index: number) => change(response, placed(response).filter((_, i) => i !== index));
  const under = (e: PointerEvent): At => {
    const box = frame.current?.getBoundingClientRect();
    return box ? { x: ((e.clientX - box.left) / box.width) * width, y: ((e.clientY - box.top) / box.height) * height } : { x: 0, y: 0 };
  };
  const grip = (piece: PublicNode, index: number | null) => {
    const response = attr(piece, "response");
    const mine = () => holding.current?.response === response && holding.current.index === index;
    const carried = (e: PointerEvent): Held => {
      const from = holding.current ?? { response, index, x: 0, y: 0, off: { x: 0, y: 0 }, inside: false };
      const finger = under(e);
      const inside = finger.x >= 0 && finger.y >= 0 && finger.x < width && finger.y < height;
      return { ...from, ...kept({ x: finger.x - from.off.x, y: finger.y - from.off.y }), inside };
    };
    return {
      onPointerDown: (e: PointerEvent<HTMLElement>) => {
        if (disabled || e.button !== 0) return;
        e.currentTarget.setPointerCapture(e.pointerId);
        const finger = under(e);
        const at = index === null ? finger : pointOf(placed(response)[index] ?? "");
        setHeld({ response, index, ...at, off: { x: finger.x - at.x, y: finger.y - at.y }, inside: index !== null });
      },
      onPointerMove: (e: PointerEvent<HTMLElement>) => {
        if (mine()) setHeld(carried(e));
      },
      onPointerUp: (e: PointerEvent<HTMLElement>) => {
        if (!mine()) return;
        const { inside, ...at } = carried(e);
        setHeld(null);
        if (inside) put(response, index, at);
        else if (index !== null) remove(response, index); // dragged off the stage
      },
      onPointerCancel: () => setHeld(null),
    };
  };
  const press = (key: string, fine: boolean): At | null => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    return by ? { x: (by[0] ?? 0) * (fine ? 1 : width * STEP), y: (by[1] ?? 0) * (fine ? 1 : height * STEP) } : null;
  };
  return (
    <div className="question-part" role="group" aria-labelledby={hint}>
      {pieces.map((piece, i) => (
        <Prompt key={i} node={piece} />
      ))}
      <p id={hint} className="question-hint">
        {t("place_hint")}
      </p>
      <div ref={frame} className="question-map" style={{ maxWidth: `${width}px` }}>
        {picture && <Picture node={picture} />}
        {pieces.map((piece) => {
          const response = attr(piece, "response");
          const points = placed(response).map(pointOf);
          const all = held?.response === response && held.index === null && held.inside ? [...points, held] : points;
          return all.map((at, i) => {
            const now = held?.response === response && held.index === i ? held : at;
            return (
              <button
                key={`${response} ${i}`}
                type="button"
                className="question-piece"
                data-held={now === held || at === held || undefined}
                data-off={(now === held && !held.inside) || undefined}
                aria-label={t("place_at", { what: nameOf(piece), x: now.x, y: now.y })}
                aria-describedby={hint}
                disabled={disabled}
                style={boxOf(piece, now, width, height)}
                {...grip(piece, i)}
                onKeyDown={(e) => {
                  const by = press(e.key, e.shiftKey);
                  if (by) {
                    e.preventDefault();
                    put(response, i, { x: at.x + by.x, y: at.y + by.y });
                  } else if (e.key === "Delete" || e.key === "Backspace") {
                    e.preventDefault();
                    remove(response, i);
                  }
                }}
              >
                <PieceOf piece={piece} />
              </button>
            );
          });
        })}
      </div>
      <ul className="question-pairs">
        {pieces.map((piece) => {
          const response = attr(piece, "response");
          const most = number(attr(piece, "maxChoices"), 1) || MOST;
          const points = placed(response);
          return (
            <li key={response} className="question-tray">
              <span className="question-tray-piece" data-empty={points.length >= most || undefined} {...(points.length < most ? grip(piece, null) : {})} aria-hidden>
                <PieceOf piece={piece} />
              </span>
              <span>{nameOf(piece)}</span>
              {points.map((point, i) => (
                <Numbers key={i} what={nameOf(piece)} at={pointOf(point)} width={width} height={height} disabled={disabled} onMove={(at) => put(response, i, at)} onRemove={() => remove(response, i)} />
              ))}
              {points.length < most && (
                <button type="button" className="question-small" disabled={disabled} onClick={() => put(response, null, { x: width / 2, y: height / 2 })}>
                  {t("place_put", { what: nameOf(piece) })}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Where a picture stands, in two numbers. */
function Numbers({ what, at, width, height, disabled, onMove, onRemove }: { what: string; at: At; width: number; height: number; disabled: boolean; onMove: (at: At) => void; onRemove: () => void }) {
  const t = useT("sitting");
  const field = (label: string, value: number, most: number, move: (n: number) => void) => (
    <label>
      {label}
      <input
        type="number"
        className="question-text"
        inputMode="numeric"
        min={0}
        max={most - 1}
        value={value}
        disabled={disabled}
        aria-label={`${label} ${what}`}
        onChange={(e) => {
          if (e.currentTarget.value !== "") move(e.currentTarget.valueAsNumber);
        }}
      />
    </label>
  );
  return (
    <span className="question-numbers">
      {field(t("place_across"), at.x, width, (x) => onMove({ ...at, x }))}
      {field(t("place_down"), at.y, height, (y) => onMove({ ...at, y }))}
      <button type="button" className="question-small" aria-label={t("place_remove", { what })} disabled={disabled} onClick={onRemove}>
        {t("place_remove_short")}
      </button>
    </span>
  );
}

/** The picture of a piece; its name is said by what holds it. */
function PieceOf({ piece }: { piece: PublicNode }) {
  const { picture } = pictureOf(piece);
  return picture ? <Picture node={{ ...picture, attrs: { ...picture.attrs, alt: "" }, children: [] }} /> : <Content nodes={childrenOf(piece)} />;
}

/** Where a piece is drawn, in parts of the stage: the place that counts is its centre unless its author says otherwise. */
function boxOf(piece: PublicNode, at: At, width: number, height: number) {
  const { width: w, height: h } = pieceSize(piece);
  const [cx = w / 2, cy = h / 2] = attr(piece, "centerPoint").split(/[\s,]+/).filter(Boolean).map(Number);
  return { left: `${((at.x - cx) / width) * 100}%`, top: `${((at.y - cy) / height) * 100}%`, width: `${(w / width) * 100}%` };
}

function pieceSize(piece: PublicNode) {
  const { picture } = pictureOf(piece);
  return { width: number(picture ? attr(picture, "width") : "", 40), height: number(picture ? attr(picture, "height") : "", 40) };
}
