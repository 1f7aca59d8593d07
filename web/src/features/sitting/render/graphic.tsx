import { useId, useRef, useState } from "react";
import { useT } from "@/i18n";
import { announce } from "@/ui";
import { pixelAt } from "./areas";
import { useAnswering } from "./context";
import { Picture, Prompt } from "./Content";
import { Areas, pictureOf, useSpotNames } from "./Hotspot";
import { Choices, Couples } from "./pairs";
import { asList, attr, childrenOf, number, type PublicNode, words } from "./tree";

/** Couples of areas of a picture: the picture shows their numbers, lists make the couples. */
export function GraphicAssociateInteraction({ node }: { node: PublicNode }) {
  const label = useId();
  const spots = childrenOf(node).filter((c) => c.tag === "hotspot");
  const names = useSpotNames(spots);
  const numbers = new Map(spots.map((s, i) => [attr(s, "id"), i + 1]));
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      <Areas node={node} spots={spots} label={names} inside={(id) => numbers.get(id)} />
      <Couples node={node} choices={spots} nameOf={names} />
    </div>
  );
}

/** Words or small pictures to put on areas of a picture. A pair is written with what is put first. */
export function GraphicGapMatchInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const label = useId();
  const response = attr(node, "response");
  const pairs = asList(values[response]);
  const texts = childrenOf(node).filter((c) => c.tag === "choice");
  const spots = childrenOf(node).filter((c) => c.tag === "hotspot");
  const names = useSpotNames(spots);
  const numbers = new Map(spots.map((s, i) => [attr(s, "id"), i + 1]));
  const nameOf = (choice: PublicNode) => words(choice).trim() || t("picture", { number: texts.indexOf(choice) + 1 });
  const put = (gap: string, id: string) => {
    const others = pairs.filter((p) => p.split(" ")[1] !== gap);
    change(response, id ? [...others, `${id} ${gap}`] : others);
  };
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      <ul className="question-words">
        {texts.map((c) => (
          <li key={attr(c, "id")}>
            {childrenOf(c).map((inner, i) => (inner.tag === "img" || inner.tag === "object" ? <Picture key={i} node={inner} /> : <span key={i}>{words(inner)}</span>))} {words(c).trim() === "" && nameOf(c)}
          </li>
        ))}
      </ul>
      <Areas node={node} spots={spots} label={names} inside={(id) => numbers.get(id)} />
      <ul className="question-pairs">
        {spots.map((spot) => {
          const gap = attr(spot, "id");
          const put1 = pairs.map((p) => p.split(" ")).find(([, g]) => g === gap)?.[0] ?? "";
          return (
            <li key={gap}>
              <span>{names(spot)}</span>
              <Choices label={t("goes_on", { what: names(spot) })} value={put1} choices={texts} pairs={pairs} disabled={disabled} nameOf={nameOf} onChange={(id) => put(gap, id)} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** How far an arrow key moves the mark, as a part of the picture. */
const STEP = 0.02;

/** A place to show on a picture: pressed, or reached by the arrow keys. */
export function SelectPointInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const label = useId();
  const frame = useRef<HTMLDivElement>(null);
  const response = attr(node, "response");
  const most = number(attr(node, "maxChoices"), 1);
  const { picture, width, height } = pictureOf(node);
  const points = asList(values[response]);
  const [cursor, setCursor] = useState({ x: Math.round(width / 2), y: Math.round(height / 2) });
  const put = (x: number, y: number) => {
    const next = `${x} ${y}`;
    if (most === 1) change(response, [next]);
    else if (most === 0 || points.length < most) change(response, [...points.filter((p) => p !== next), next]);
    announce(t("point_put", { x, y }));
  };
  const move = (dx: number, dy: number) => {
    const x = Math.min(width - 1, Math.max(0, Math.round(cursor.x + dx * width * STEP)));
    const y = Math.min(height - 1, Math.max(0, Math.round(cursor.y + dy * height * STEP)));
    setCursor({ x, y });
    announce(t("point_at", { x, y }));
  };
  const place = (x: number, y: number) => ({ left: `${(x / width) * 100}%`, top: `${(y / height) * 100}%` });
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      <div ref={frame} className="question-map" style={{ maxWidth: `${width}px` }}>
        {picture && <Picture node={picture} />}
        <button
          type="button"
          className="question-aim"
          aria-label={t("point_aim")}
          disabled={disabled}
          onClick={(e) => {
            if (e.detail === 0) return put(cursor.x, cursor.y); // by the keyboard
            const at = pixelAt(e.currentTarget.getBoundingClientRect(), { width, height }, { x: e.clientX, y: e.clientY });
            setCursor(at);
            put(at.x, at.y);
          }}
          onKeyDown={(e) => {
            const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
            if (!by) return;
            e.preventDefault();
            move(by[0] ?? 0, by[1] ?? 0);
          }}
        >
          <span className="question-cursor" style={place(cursor.x, cursor.y)} />
          {points.map((point, i) => {
            const [x = 0, y = 0] = point.split(" ").map(Number);
            return (
              <span key={point} className="question-point" style={place(x, y)}>
                {i + 1}
              </span>
            );
          })}
        </button>
      </div>
      {points.length > 0 && (
        <button type="button" className="question-small" disabled={disabled} onClick={() => change(response, points.slice(0, -1))}>
          {t("point_remove")}
        </button>
      )}
    </div>
  );
}

/** A sound or a film to listen to, a given number of times at most. What is answered is how many times it was played. */
export function MediaInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled, files } = useAnswering();
  const label = useId();
  const response = attr(node, "response");
  const most = number(attr(node, "maxPlays"), 0);
  const played = Number(asList(values[response])[0] ?? "0");
  const media = childrenOf(node).find((c) => c.tag === "audio" || c.tag === "video" || c.tag === "object");
  const src = media ? (files[attr(media, "asset")] ?? files[attr(childrenOf(media)[0] ?? {}, "asset")]) : undefined;
  const film = media?.tag === "video" || (media ? attr(media, "type").startsWith("video/") : false);
  const ended = () => change(response, String(played + 1));
  const over = most > 0 && played >= most;
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      {!src && <p className="question-missing">{t("sound_missing")}</p>}
      {src && !over && (film ? <video className="question-film" src={src} controls={!disabled} preload="auto" onEnded={ended} /> : <audio className="question-sound" src={src} controls={!disabled} preload="auto" aria-label={t("sound")} onEnded={ended} />)}
      {most > 0 && <p className="question-hint">{over ? t("plays_over") : t("plays_left", { count: most - played })}</p>}
    </div>
  );
}
