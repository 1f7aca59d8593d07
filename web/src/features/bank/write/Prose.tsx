import { useQuery } from "@tanstack/react-query";
import { Sigma } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { readFormula } from "@/features/journal/api";
import { MathML } from "@/features/journal/Formula";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, ProblemNotice, TextArea, TextField } from "@/ui";

type Props = {
  /** As the server names the field. */
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  maxLength?: number;
  required?: boolean;
  optional?: boolean;
  help?: ReactNode;
  /** What else can be put in, beside a formula. */
  tools?: (area: () => HTMLTextAreaElement | null) => ReactNode;
};

/** A text with formulas, each between back quotes. */
export function Prose({ name, label, value, onChange, rows = 3, maxLength = 4000, required, optional, help, tools }: Props) {
  const t = useT("writing");
  const area = useRef<HTMLTextAreaElement>(null);
  const [open, setOpen] = useState(false);
  const put = (source: string) => {
    const at = area.current?.selectionStart ?? value.length;
    const end = area.current?.selectionEnd ?? at;
    onChange(`${value.slice(0, at)}\`${source}\`${value.slice(end)}`);
  };
  return (
    <div className="write-prose">
      <TextArea ref={area} name={name} label={label} value={value} onChange={onChange} rows={rows} maxLength={maxLength} required={required} optional={optional} help={help} wide />
      <div className="write-tools">
        <Button tone="quiet" label={t("formula_in", { field: label })} icon={<Sigma aria-hidden size={18} />} onPress={() => setOpen(true)}>
          {t("formula")}
        </Button>
        {tools?.(() => area.current)}
      </div>
      <Dialog title={t("formula_add")} open={open} onClose={() => setOpen(false)}>
        <Formula
          onDone={(source) => {
            put(source);
            setOpen(false);
          }}
        />
      </Dialog>
    </div>
  );
}

/** Asks for a formula as one types it, and shows it as it will be read. */
function Formula({ onDone }: { onDone: (source: string) => void }) {
  const t = useT("writing");
  const { school } = useWork();
  const [typed, setTyped] = useState("");
  const source = typed.trim();
  const shown = useQuery({ queryKey: ["formula", source], queryFn: () => readFormula(school.id, source), staleTime: Number.POSITIVE_INFINITY, retry: false, enabled: source !== "", placeholderData: (before) => before });
  return (
    <Form onSubmit={() => (shown.data && !shown.error && !shown.isPlaceholderData ? onDone(source) : undefined)}>
      <TextField label={t("formula")} name="formula" required maxLength={300} value={typed} onChange={setTyped} help={t("formula_help")} autoCapitalize="off" wide autoFocus />
      <div className="formula-shown" role="group" aria-live="polite" aria-label={t("formula_seen")}>
        {source !== "" && (shown.error ? <ProblemNotice problem={shown.error} /> : shown.data && <MathML markup={shown.data.mathml} />)}
      </div>
      <Actions>
        <Button type="submit" tone="main">
          {t("formula_put")}
        </Button>
      </Actions>
    </Form>
  );
}
