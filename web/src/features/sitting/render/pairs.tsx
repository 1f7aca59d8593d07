import { createContext, useContext, useId } from "react";
import { useT } from "@/i18n";
import { useAnswering } from "./context";
import { Content, Prompt } from "./Content";
import { all, asList, attr, childrenOf, number, partner, type PublicNode, words, withPair } from "./tree";

/** How many pairs hold an id. */
const used = (pairs: readonly string[], id: string) => pairs.filter((p) => p.split(" ").includes(id)).length;

/** A list of choices, with what has no more room left out unless it is chosen. */
export function Choices({ label, value, choices, pairs, disabled, nameOf = words, onChange }: { label: string; value: string; choices: readonly PublicNode[]; pairs: readonly string[]; disabled: boolean; nameOf?: (choice: PublicNode) => string; onChange: (id: string) => void }) {
  const t = useT("sitting");
  return (
    <select className="question-inline" aria-label={label} value={value} disabled={disabled} onChange={(e) => onChange(e.currentTarget.value)}>
      <option value="">{t("choose")}</option>
      {choices.map((c) => {
        const id = attr(c, "id");
        const room = number(attr(c, "matchMax"), 1);
        return id !== value && room > 0 && used(pairs, id) >= room ? null : (
          <option key={id} value={id}>
            {nameOf(c)}
          </option>
        );
      })}
    </select>
  );
}

/** Each thing of one list goes with one of another. */
export function MatchInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const label = useId();
  const response = attr(node, "response");
  const pairs = asList(values[response]);
  const [left, right] = childrenOf(node).filter((c) => c.tag === "matchSet").map((set) => childrenOf(set).filter((c) => c.tag === "choice"));
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      <ul className="question-pairs">
        {left?.map((one) => {
          const id = attr(one, "id");
          return (
            <li key={id}>
              <span>
                <Content nodes={childrenOf(one)} />
              </span>
              <Choices label={t("goes_with", { what: words(one) })} value={partner(pairs, id)} choices={right ?? []} pairs={pairs} disabled={disabled} onChange={(other) => change(response, withPair(pairs, id, other))} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const GapContext = createContext<{ response: string; texts: readonly PublicNode[]; order: readonly string[] } | null>(null);

/** Words to put into the gaps of a text. */
export function GapMatchInteraction({ node }: { node: PublicNode }) {
  const label = useId();
  const texts = childrenOf(node).filter((c) => c.tag === "choice");
  const flow = childrenOf(node).filter((c) => c.tag !== "choice" && c.tag !== "prompt");
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      <ul className="question-words">
        {texts.map((c) => (
          <li key={attr(c, "id")}>
            <Content nodes={childrenOf(c)} />
          </li>
        ))}
      </ul>
      <GapContext value={{ response: attr(node, "response"), texts, order: all(flow, "gap").map((g) => attr(g, "id")) }}>
        <Content nodes={flow} />
      </GapContext>
    </div>
  );
}

/** One gap. A pair is written with the word first. */
export function GapPlace({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const of = useContext(GapContext);
  if (!of) return null;
  const gap = attr(node, "id");
  const pairs = asList(values[of.response]);
  const word = pairs.map((p) => p.split(" ")).find(([, g]) => g === gap)?.[0] ?? "";
  const put = (id: string) => {
    const others = pairs.filter((p) => p.split(" ")[1] !== gap);
    change(of.response, id ? [...others, `${id} ${gap}`] : others);
  };
  return <Choices label={t("gap", { number: of.order.indexOf(gap) + 1 })} value={word} choices={of.texts} pairs={pairs} disabled={disabled} onChange={put} />;
}

/** Pairs to make among the things of one list. */
export function AssociateInteraction({ node }: { node: PublicNode }) {
  const label = useId();
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      <Couples node={node} choices={childrenOf(node).filter((c) => c.tag === "choice")} />
    </div>
  );
}

/** Lists that make couples. */
export function Couples({ node, choices, nameOf }: { node: PublicNode; choices: readonly PublicNode[]; nameOf?: (choice: PublicNode) => string }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const response = attr(node, "response");
  const rows = Math.max(1, number(attr(node, "maxAssociations"), 0) || Math.floor(choices.length / 2));
  const value = asList(values[response]);
  // While a couple is half made it is written with a dash, and is no answer yet.
  const couples = Array.from({ length: rows }, (_, i) => (value[i] ?? "- -").split(" "));
  const put = (row: number, side: 0 | 1, id: string) => {
    const next = couples.map((c, i) => (i === row ? (side === 0 ? [id || "-", c[1] ?? "-"] : [c[0] ?? "-", id || "-"]) : c));
    change(response, next.map((c) => c.join(" ")));
  };
  return (
    <ol className="question-pairs">
      {couples.map((couple, i) => (
        <li key={i}>
          {([0, 1] as const).map((side) => (
            <Choices key={side} label={t(side === 0 ? "couple_first" : "couple_second", { number: i + 1 })} value={couple[side] === "-" ? "" : (couple[side] ?? "")} choices={choices} pairs={couples.map((c) => c.join(" "))} disabled={disabled} nameOf={nameOf} onChange={(id) => put(i, side, id)} />
          ))}
        </li>
      ))}
    </ol>
  );
}
