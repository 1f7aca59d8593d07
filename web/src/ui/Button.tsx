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
  /** The action is under way: the button stays, says so and does nothing more. */
  pending?: boolean;
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

/** A button. Its word is a verb. */
export function Button({ onPress, type = "button", pending, disabled, label, expanded, describedBy, autoFocus, ref, ...look }: Props) {
  const t = useT("ui");
  useEffect(() => {
    if (pending) announce(t("pending"));
  }, [pending, t]);
  return (
    <AriaButton
      ref={ref}
      className={`${classes(look)}${pending ? " button-pending" : ""}`}
      onPress={pending ? undefined : onPress}
      type={pending ? "button" : type}
      aria-disabled={pending || undefined}
      isDisabled={disabled}
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
