import type { ReactNode } from "react";
import "./privacy.css";

/** Names and what stands for each. */
export function Facts({ facts }: { facts: readonly { name: string; value: ReactNode }[] }) {
  return (
    <dl className="facts">
      {facts.map((fact) => (
        <div key={fact.name} className="facts-row">
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A short list; `flow` sets its items one after the other. */
export function Items({ items, flow }: { items: readonly string[]; flow?: boolean }) {
  if (items.length === 1) return <>{items[0]}</>;
  return (
    <ul className={flow ? "items items-flow" : "items"}>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
