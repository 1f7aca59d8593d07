import { Sigma } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { FormulaDialog } from "@/features/journal/write/FormulaDialog";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, TextArea } from "@/ui";

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
  const { school } = useWork();
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
      <FormulaDialog school={school.id} open={open} onClose={() => setOpen(false)} help={t("formula_help")} onDone={put} />
    </div>
  );
}
