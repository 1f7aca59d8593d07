import type { ReactNode } from "react";
import "./ErrorState.css";

/** In the place of a list that holds nothing yet: teaches the next step with a sentence and a button. */
export function Empty({ icon, title, children, action }: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <section className="state">
      {icon}
      <h2>{title}</h2>
      {typeof children === "string" ? <p>{children}</p> : children}
      {action && <div className="form-actions">{action}</div>}
    </section>
  );
}
