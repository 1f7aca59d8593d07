import type { Ref } from "react";
import { Input } from "react-aria-components/Input";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import { fieldClass, FieldLabel, FieldNotes, type FieldProps, useTextField } from "./FieldParts";

type TextProps = FieldProps & {
  type?: "text" | "email" | "search" | "url" | "tel" | "date";
  inputMode?: "text" | "numeric" | "email" | "search";
  placeholder?: string;
  spellCheck?: boolean;
  autoCapitalize?: "off" | "characters" | "words";
  min?: string;
  max?: string;
  /** For pupils: one field, big and centred. */
  big?: boolean;
  ref?: Ref<HTMLInputElement>;
};

/** A line of text. */
export function TextField({ type = "text", inputMode, placeholder, spellCheck, autoCapitalize, min, max, ref, ...field }: TextProps) {
  const { root, error } = useTextField(field);
  return (
    <AriaTextField {...root} type={type === "date" ? undefined : type} inputMode={inputMode} className={fieldClass(field)} spellCheck={spellCheck ? "true" : "false"}>
      <FieldLabel label={field.label} optional={field.optional} />
      <Input
        ref={ref}
        className="field-input"
        placeholder={placeholder}
        autoCapitalize={autoCapitalize}
        min={min}
        max={max}
        {...(type === "date" ? { type } : {})}
      />
      <FieldNotes help={field.help} error={error} />
    </AriaTextField>
  );
}

/** A day, as `2026-11-23`, chosen with the browser's own calendar. */
export function DateField(props: Omit<TextProps, "type" | "inputMode" | "placeholder">) {
  return <TextField {...props} type="date" />;
}
