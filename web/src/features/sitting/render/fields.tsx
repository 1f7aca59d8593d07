import { useId } from "react";
import { useT } from "@/i18n";
import { useAnswering } from "./context";
import { Prompt } from "./Content";
import { asText, attr, number, type PublicNode } from "./tree";

/** A word or a number within a sentence. */
export function TextEntryInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const response = attr(node, "response");
  return (
    <input
      className="question-text"
      aria-label={t("your_answer")}
      value={asText(values[response])}
      size={Math.min(40, Math.max(4, number(attr(node, "expectedLength"), 12)))}
      maxLength={500}
      autoComplete="off"
      autoCapitalize="off"
      autoCorrect="off"
      spellCheck={false}
      disabled={disabled}
      onChange={(e) => change(response, e.currentTarget.value)}
    />
  );
}

/** A long answer. */
export function ExtendedTextInteraction({ node }: { node: PublicNode }) {
  const { values, change, disabled } = useAnswering();
  const id = useId();
  const response = attr(node, "response");
  return (
    <div className="question-part">
      <label htmlFor={id} className="question-prompt">
        <Prompt node={node} />
      </label>
      <textarea id={id} className="question-long" rows={Math.min(20, Math.max(4, number(attr(node, "expectedLines"), 6)))} maxLength={20_000} spellCheck={false} value={asText(values[response])} disabled={disabled} onChange={(e) => change(response, e.currentTarget.value)} />
    </div>
  );
}

/** A number on a line. Nothing is answered before it is moved. */
export function SliderInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const id = useId();
  const response = attr(node, "response");
  const low = number(attr(node, "lowerBound"), 0);
  const high = number(attr(node, "upperBound"), 100);
  const step = number(attr(node, "step"), 1);
  const given = asText(values[response]);
  return (
    <div className="question-part">
      <label htmlFor={id} className="question-prompt">
        <Prompt node={node} />
      </label>
      <div className="question-slider">
        <span aria-hidden>{low}</span>
        <input id={id} type="range" min={low} max={high} step={step} value={given === "" ? low : given} disabled={disabled} aria-valuetext={given === "" ? t("slider_none") : given} onChange={(e) => change(response, e.currentTarget.value)} />
        <span aria-hidden>{high}</span>
      </div>
      <p className="question-slider-value" aria-hidden>
        {given === "" ? t("slider_none") : given}
      </p>
      {given === "" && (
        <button type="button" className="question-small" disabled={disabled} onClick={() => change(response, String(low))}>
          {t("slider_low", { value: low })}
        </button>
      )}
    </div>
  );
}

/** A button of the question that ends a turn: for help, or to give up. */
export function EndAttemptInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { end, disabled } = useAnswering();
  return (
    <button type="button" className="question-small" disabled={disabled || !end} onClick={() => end?.(attr(node, "response"))}>
      {attr(node, "title") || t("turn_end")}
    </button>
  );
}
