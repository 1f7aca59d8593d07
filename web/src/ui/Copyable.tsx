import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useT } from "@/i18n";
import { announce } from "./announce";
import { Button } from "./Button";
import "./Copyable.css";

/** A text to hand on: a link, a code. Selects whole at a press, copies at another. */
export function Copyable({ text, label }: { text: string; label: string }) {
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
  return (
    <div className="copyable">
      <output aria-label={label}>{text}</output>
      <Button onPress={copy} icon={copied ? <Check aria-hidden size={18} /> : <Copy aria-hidden size={18} />} label={t("copy_what", { what: label })}>
        {t(copied ? "copied" : "copy")}
      </Button>
    </div>
  );
}
