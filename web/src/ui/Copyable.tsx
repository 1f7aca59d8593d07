import { Check, Copy } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { useT } from "@/i18n";
import { announce } from "./announce";
import { Button } from "./Button";
import { Notice } from "./Notice";
import "./Copyable.css";

/** A text to hand on: a link, a code. Selects whole at a press, copies at another. */
export function Copyable({ text, label, note }: { text: string; label: string; /** What to know before leaving it: read with the button. */ note?: string }) {
  const t = useT("ui");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 4000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce(t("copied"));
    } catch {
      announce(t("copy_by_hand"));
    }
  };
  const id = useId();
  return (
    <>
      <div className="copyable">
        <output aria-label={label}>{text}</output>
        <Button onPress={copy} icon={copied ? <Check aria-hidden size={18} /> : <Copy aria-hidden size={18} />} label={t("copy_what", { what: label })} describedBy={note ? id : undefined}>
          {t(copied ? "copied" : "copy")}
        </Button>
      </div>
      {note && (
        <Notice tone="sun">
          <p id={id}>{note}</p>
        </Notice>
      )}
    </>
  );
}
