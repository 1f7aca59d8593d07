import type { Ref } from "react";
import { Input } from "react-aria-components/Input";
import { useFormat, useT } from "@/i18n";
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

/**
 * A day, as `2026-11-23`, chosen with the browser's own calendar. The browser
 * writes it in its own order, so it is written in full below.
 */
export function DateField({ help, ...props }: Omit<TextProps, "type" | "inputMode" | "placeholder">) {
  const t = useT("ui");
  const format = useFormat();
  const full = props.value ? t("date_is", { date: format.date(props.value) }) : null;
  return <TextField {...props} type="date" help={full ? <>{full} {help}</> : help} />;
}
