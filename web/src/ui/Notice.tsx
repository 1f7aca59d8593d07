import { CircleAlert, CircleCheck, Clock, Info } from "lucide-react";
import type { ReactNode } from "react";
import "./Notice.css";

/** info: good to know · tree: done · sun: attention, waiting · brick: danger, refusal. */
export type NoticeTone = "info" | "tree" | "sun" | "brick";

const icons = { info: Info, tree: CircleCheck, sun: Clock, brick: CircleAlert };

type Props = {
  tone?: NoticeTone;
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
  /** Said at once by a screen reader: only for what answers an action of the person. */
  alert?: boolean;
};

/** A few lines that must be seen, in the page. */
export function Notice({ tone = "info", title, children, action, alert }: Props) {
  const Icon = icons[tone];
  return (
    <div className={`notice notice-${tone}`} role={alert ? "alert" : undefined}>
      <Icon aria-hidden size={20} />
      <div className="notice-body">
        {title && <p className="notice-title">{title}</p>}
        {typeof children === "string" ? <p>{children}</p> : children}
        {action && <div className="form-actions">{action}</div>}
      </div>
    </div>
  );
}
