import { type PointerEvent, useId, useRef, useState } from "react";
import { useT } from "@/i18n";
import { announce } from "@/ui";
import { pixelAt } from "./areas";
import { useAnswering } from "./context";
import { Picture, Prompt } from "./Content";
import { answerOf, extended, MOST, pens, readDrawing, type Stroke } from "./drawing";
import { pictureOf } from "./Hotspot";
import { asList, attr, type PublicNode } from "./tree";

/** A picture to draw on, or to answer in words. The answer is the strokes themselves. */
export function DrawingInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const label = useId();
  const said = useId();
  const response = attr(node, "response");
  const { picture, width, height } = pictureOf(node);
  const { strokes, words } = readDrawing(asList(values[response]));
  const [pen, setPen] = useState(0);
  const [wide, setWide] = useState(false);
  const [line, setShown] = useState<Stroke | null>(null);
  // The line under the hand: several of its points may come before the page is drawn again.
  const drawing = useRef<Stroke | null>(null);
  const setLine = (next: Stroke | null) => {
    drawing.current = next;
    setShown(next);
  };
  const full = asList(values[response]).reduce((sum, one) => sum + one.length, 0) > MOST;
  const at = (e: PointerEvent<SVGSVGElement>) => pixelAt(e.currentTarget.getBoundingClientRect(), { width, height }, { x: e.clientX, y: e.clientY });
  const finish = () => {
    const drawn = drawing.current;
    if (!drawn) return;
    setLine(null);
    change(response, answerOf([...strokes, drawn], words));
  };
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      <div className="question-pens" role="group" aria-label={t("draw_pens")}>
        {pens.map(({ name, ink }, i) => (
          <button key={name} type="button" className="question-small question-pen" aria-pressed={pen === i} disabled={disabled} onClick={() => setPen(i)}>
            <span className="question-ink" style={{ background: ink }} />
            {t(`draw_pen_${name}`)}
          </button>
        ))}
        <button type="button" className="question-small" aria-pressed={wide} disabled={disabled} onClick={() => setWide(!wide)}>
          {t("draw_wide")}
        </button>
        <button
          type="button"
          className="question-small"
          disabled={disabled || strokes.length === 0}
          onClick={() => {
            change(response, answerOf(strokes.slice(0, -1), words));
            announce(t("draw_undone", { count: strokes.length - 1 }));
          }}
        >
          {t("draw_undo")}
        </button>
      </div>
      <div className="question-map question-canvas" style={{ maxWidth: `${width}px`, aspectRatio: `${width} / ${height}` }}>
        {picture && <Picture node={picture} />}
        <svg
          className="question-sheet"
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={t("draw_here", { count: strokes.length })}
          onPointerDown={(e) => {
            if (disabled || full || e.button !== 0) return;
            e.currentTarget.setPointerCapture(e.pointerId);
            const { x, y } = at(e);
            setLine({ pen, wide, points: [x, y] });
          }}
          onPointerMove={(e) => {
            const drawn = drawing.current;
            if (!drawn) return;
            const { x, y } = at(e);
            setLine({ ...drawn, points: extended(drawn.points, x, y) });
          }}
          onPointerUp={finish}
          onPointerCancel={finish}
        >
          <Strokes strokes={line ? [...strokes, line] : strokes} />
        </svg>
      </div>
      {full && <p className="question-hint">{t("draw_full")}</p>}
      <label htmlFor={said} className="question-prompt">
        {t("draw_words")}
      </label>
      <textarea id={said} className="question-long" rows={3} maxLength={4_000} spellCheck={false} value={words} disabled={disabled} onChange={(e) => change(response, answerOf(strokes, e.currentTarget.value))} />
    </div>
  );
}

/** Lines as they were drawn, in the pixels of their picture. A touch alone is a dot. */
export function Strokes({ strokes }: { strokes: readonly Stroke[] }) {
  return strokes.map((s, i) => {
    const [x = 0, y = 0] = s.points;
    const points = s.points.length > 2 ? s.points : [x, y, x, y];
    return <polyline key={i} points={points.join(" ")} fill="none" stroke={pens[s.pen]?.ink} strokeWidth={s.wide ? 9 : 3} strokeLinecap="round" strokeLinejoin="round" />;
  });
}
