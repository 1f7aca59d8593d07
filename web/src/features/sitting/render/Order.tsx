import { ArrowDown, ArrowUp } from "lucide-react";
import { useId, useRef, useState } from "react";
import { useT } from "@/i18n";
import { announce } from "@/ui";
import { useAnswering } from "./context";
import { Content, Prompt } from "./Content";
import { asList, attr, childrenOf, moved, type PublicNode, words } from "./tree";

/** Things to put in order: dragged, or moved by their buttons. */
export function OrderInteraction({ node }: { node: PublicNode }) {
  const t = useT("sitting");
  const { values, change, disabled } = useAnswering();
  const label = useId();
  const response = attr(node, "response");
  const choices = childrenOf(node).filter((c) => c.tag === "choice");
  const ids = choices.map((c) => attr(c, "id"));
  const given = asList(values[response]);
  const order = given.length === ids.length ? given : ids;
  const [held, setHeld] = useState<number | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const move = (from: number, to: number) => {
    if (to < 0 || to >= order.length) return;
    const next = moved(order, from, to);
    change(response, next);
    const one = choices.find((c) => attr(c, "id") === next[to]);
    announce(t("moved", { what: one ? words(one) : "", place: to + 1, count: next.length }));
  };
  return (
    <div className="question-part" role="group" aria-labelledby={label}>
      <div id={label} className="question-prompt">
        <Prompt node={node} />
      </div>
      <ol className="question-order" ref={list}>
        {order.map((id, i) => {
          const choice = choices.find((c) => attr(c, "id") === id);
          if (!choice) return null;
          const name = words(choice);
          return (
            <li
              key={id}
              draggable={!disabled}
              data-held={held === i || undefined}
              onDragStart={() => setHeld(i)}
              onDragEnd={() => setHeld(null)}
              onDragOver={(e) => e.preventDefault()}
              onDrop={(e) => {
                e.preventDefault();
                if (held !== null) move(held, i);
                setHeld(null);
              }}
            >
              <span className="question-place" aria-hidden>
                {i + 1}
              </span>
              <span className="question-order-what">
                <Content nodes={childrenOf(choice)} />
              </span>
              <button type="button" className="question-step" aria-label={t("move_up", { what: name })} disabled={disabled || i === 0} onClick={() => move(i, i - 1)}>
                <ArrowUp aria-hidden />
              </button>
              <button type="button" className="question-step" aria-label={t("move_down", { what: name })} disabled={disabled || i === order.length - 1} onClick={() => move(i, i + 1)}>
                <ArrowDown aria-hidden />
              </button>
            </li>
          );
        })}
      </ol>
      {given.length === 0 && (
        <button type="button" className="question-small" disabled={disabled} onClick={() => change(response, ids)}>
          {t("order_keep")}
        </button>
      )}
    </div>
  );
}
