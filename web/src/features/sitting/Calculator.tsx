import { useState } from "react";
import { useT } from "@/i18n";
import { TextField } from "@/ui";
import { compute } from "./compute";

/** A calculator of four operations, where the campaign allows it. */
export function Calculator() {
  const t = useT("sitting");
  const [text, setText] = useState("");
  const result = compute(text);
  return (
    <details className="sitting-calculator">
      <summary>{t("calculator")}</summary>
      <TextField label={t("calculation")} value={text} onChange={setText} maxLength={60} autoComplete="off" />
      <output>{text.trim() === "" ? "" : result === null ? t("calculation_unread") : `= ${result}`}</output>
    </details>
  );
}
