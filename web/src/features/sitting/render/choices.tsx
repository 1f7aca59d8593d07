import { createContext, useContext, useId } from "react";
import { useT } from "@/i18n";
import { useAnswering } from "./context";
import { Content, Prompt } from "./Content";
import { all, asList, asText, attr, childrenOf, number, type PublicNode, words } from "./tree";

/** One or several choices: radio buttons or boxes. */
export function ChoiceInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const name = useId();
  const response = attr(node, "response");
  const chosen = asList(values[response]);
  const most = number(attr(node, "maxChoices"), 1);
  const single = most === 1;
  const toggle = (id: string, on: boolean) => {
    if (single) return change(response, [id]);
    change(response, on ? [...chosen, id] : chosen.filter((c) => c !== id));
  };
  return (
    <fieldset className="question-choices">
      <legend>
        <Prompt node={node} />
      </legend>
      {!single && <p className="question-hint">{most === 0 ? t("several") : t("at_most", { count: most })}</p>}
      {childrenOf(node)
        .filter((c) => c.tag === "choice")
        .map((choice) => {
          const id = attr(choice, "id");
          const on = chosen.includes(id);
          return (
            <label key={id} className="question-choice" data-on={on || undefined}>
              <input
                type={single ? "radio" : "checkbox"}
                name={name}
                // A formula gives its box no name of itself.
                aria-label={all(childrenOf(choice), "math:math").length > 0 ? words(choice) : undefined}
                checked={on}
                disabled={disabled || (!single && most > 0 && !on && chosen.length >= most)}
                onChange={(e) => toggle(id, e.currentTarget.checked)}
              />
              <span>
                <Content nodes={childrenOf(choice)} />
              </span>
            </label>
          );
        })}
    </fieldset>
  );
}

/** A choice within a sentence. */
export function InlineChoiceInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const response = attr(node, "response");
  return (
    <select className="question-inline" aria-label={t("choose_word")} value={asText(values[response])} disabled={disabled} onChange={(e) => change(response, e.currentTarget.value ? [e.currentTarget.value] : [])}>
      <option value="">{t("choose")}</option>
      {childrenOf(node)
        .filter((c) => c.tag === "choice")
        .map((c) => (
          <option key={attr(c, "id")} value={attr(c, "id")}>
            {words(c)}
          </option>
        ))}
    </select>
  );
}

const HottextContext = createContext<{ response: string; most: number } | null>(null);

/** Words of a text, to be pressed. */
export function HottextInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const label = useId();
  const most = number(attr(node, "maxChoices"), 1);
  return (
    <div role="group" aria-labelledby={label} className="question-part">
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      {most !== 1 && <p className="question-hint">{most === 0 ? t("several") : t("at_most", { count: most })}</p>}
      <HottextContext value={{ response: attr(node, "response"), most }}>
        <Content nodes={childrenOf(node)} />
      </HottextContext>
    </div>
  );
}

/** One such word. */
export function HottextPlace({ node }: { node: PublicNode }) {
  const { values, change, disabled } = useAnswering();
  const of = useContext(HottextContext);
  if (!of) return <Content nodes={childrenOf(node)} />;
  const id = attr(node, "id");
  const chosen = asList(values[of.response]);
  const on = chosen.includes(id);
  const press = () => {
    if (on) return change(of.response, chosen.filter((c) => c !== id));
    if (of.most === 1) return change(of.response, [id]);
    if (of.most === 0 || chosen.length < of.most) change(of.response, [...chosen, id]);
  };
  return (
    <button type="button" className="question-hottext" aria-pressed={on} disabled={disabled} onClick={press}>
      <Content nodes={childrenOf(node)} />
    </button>
  );
}
