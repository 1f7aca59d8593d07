import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "@/i18n";
import { problemOf } from "@/api/problem";
import { Actions, Button, Dialog, Form, TextField } from "@/ui";
import { readFormula } from "../api";
import { MathML } from "../Formula";

interface Props {
  school: string;
  open: boolean;
  onClose: () => void;
  /** The formula to change; none: another is written. */
  source?: string;
  /** In place of what is said of how one types it. */
  help?: string;
  onDone: (source: string) => void;
}

function Typed({ school, source, help, onClose, onDone }: Omit<Props, "open"> & { source: string }) {
  const t = useT("desk");
  const [typed, setTyped] = useState(source);
  const trimmed = typed.trim();
  const shown = useQuery({ queryKey: ["formula", trimmed], queryFn: () => readFormula(school, trimmed), staleTime: Number.POSITIVE_INFINITY, retry: false, enabled: trimmed !== "", placeholderData: (before) => before });
  // What is half typed is wrong for a moment: it is said calmly, and at the field once it is sent.
  const wrong = shown.error ? `${problemOf(shown.error).message}${trimmed.includes("\\") ? ` ${t("formula_latex")}` : ""}` : "";
  return (
    <Form
      onSubmit={() => {
        if (shown.error) return { formula: wrong };
        if (!shown.data || shown.isPlaceholderData) return undefined;
        onDone(trimmed);
        onClose();
        return undefined;
      }}
    >
      <TextField label={t("formula")} name="formula" required maxLength={300} value={typed} onChange={setTyped} help={help ?? t("formula_help")} autoCapitalize="off" wide autoFocus />
      <div className="formula-shown" aria-live="polite" aria-label={t("formula_seen")} role="group">
        {trimmed !== "" && shown.error ? <p className="field-help">{wrong}</p> : shown.data && <MathML markup={shown.data.mathml} />}
        {shown.data && !shown.error && trimmed !== "" && <p className="field-help">{t("formula_said", { words: shown.data.words })}</p>}
      </div>
      <Actions>
        <Button type="submit" tone="main">
          {t("formula_put")}
        </Button>
      </Actions>
    </Form>
  );
}

/** Asks for a formula as one types it, and shows it as it will be read. */
export function FormulaDialog({ open, source, ...rest }: Props) {
  const t = useT("desk");
  return (
    <Dialog title={t(source ? "formula_change" : "formula_add")} open={open} onClose={rest.onClose}>
      <Typed source={source ?? ""} {...rest} />
    </Dialog>
  );
}
