import { type ReactNode, useContext } from "react";
import { CardLevel } from "./Page";
import "./ErrorState.css";

/** In the place of a list that holds nothing yet: teaches the next step with a sentence and a button. */
export function Empty({ icon, title, children, action }: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  const Heading = useContext(CardLevel) === 3 ? "h3" : "h2";
  return (
    <section className="state">
      {icon}
      <Heading>{title}</Heading>
      {typeof children === "string" ? <p>{children}</p> : children}
      {action && <div className="form-actions">{action}</div>}
    </section>
  );
}
