import { type ReactNode, type Ref, useEffect } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Link } from "wouter";
import { useT } from "@/i18n";
import { announce } from "./announce";
import "./Button.css";

/** `main`: the one main action of a page. `quiet`: as light as a link. */
export type Tone = "main" | "plain" | "danger" | "quiet";

type Look = {
  tone?: Tone;
  /** For pupils and for what is projected. */
  big?: boolean;
  /** An icon of lucide-react, always beside its word. */
  icon?: ReactNode;
  children: ReactNode;
};

type Props = Look & {
  onPress?: () => void;
  type?: "button" | "submit";
  /** The action is under way: the button stays, says so when it lasts, and does nothing more. */
  pending?: boolean;
  /** Nothing to do for now. It keeps its place in the order of focus, and focus itself. */
  disabled?: boolean;
  /** A fuller name when the word alone is ambiguous in a list: "Ouvrir la porte de 6e B". It starts with the visible word. */
  label?: string;
  expanded?: boolean;
  describedBy?: string;
  autoFocus?: boolean;
  ref?: Ref<HTMLButtonElement>;
};

function classes({ tone = "plain", big }: Look): string {
  return `button button-${tone}${big ? " button-big" : ""}`;
}

/** How long an action runs before it is said that it runs, in milliseconds. */
const SLOW_MS = 800;

/** A button. Its word is a verb. */
export function Button({ onPress, type = "button", pending, disabled, label, expanded, describedBy, autoFocus, ref, ...look }: Props) {
  const t = useT("ui");
  const idle = pending || disabled;
  useEffect(() => {
    if (!pending) return;
    let takeBack: (() => void) | null = null;
    const timer = setTimeout(() => (takeBack = announce(t("pending"))), SLOW_MS);
    return () => {
      clearTimeout(timer);
      takeBack?.();
    };
  }, [pending, t]);
  return (
    <AriaButton
      ref={ref}
      className={`${classes(look)}${pending ? " button-pending" : disabled ? " button-off" : ""}`}
      onPress={idle ? undefined : onPress}
      type={idle ? "button" : type}
      aria-disabled={idle || undefined}
      aria-label={label}
      aria-expanded={expanded}
      aria-describedby={describedBy}
      autoFocus={autoFocus}
    >
      {pending ? <span className="button-wait" aria-hidden="true" /> : look.icon}
      <span>{look.children}</span>
    </AriaButton>
  );
}

/** A link to a page of Préau that looks like a button. */
export function LinkButton({ href, label, ...look }: Look & { href: string; label?: string }) {
  return (
    <Link href={href} className={classes(look)} aria-label={label}>
      {look.icon}
      <span>{look.children}</span>
    </Link>
  );
}
