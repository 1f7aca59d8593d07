import type { Ref } from "react";
import { TextArea as AriaTextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import { fieldClass, FieldLabel, FieldNotes, type FieldProps, useTextField } from "./FieldParts";

/** Several lines of text. */
export function TextArea({ rows = 4, placeholder, ref, ...field }: FieldProps & { rows?: number; placeholder?: string; ref?: Ref<HTMLTextAreaElement> }) {
  const { root, error } = useTextField(field);
  return (
    <AriaTextField {...root} className={fieldClass(field)}>
      <FieldLabel label={field.label} optional={field.optional} />
      <AriaTextArea ref={ref} className="field-input" rows={rows} placeholder={placeholder} />
      <FieldNotes help={field.help} error={error} />
    </AriaTextField>
  );
}
