import { Eye, EyeOff } from "lucide-react";
import { type ReactNode, type Ref, useState } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea as AriaTextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import { useT } from "@/i18n";
import { Button } from "./Button";
import "./Field.css";

export type FieldProps = {
  label: string;
  /** The field's name in the request, so that the server's problems reach it: `school.name`. */
  name?: string;
  value?: string;
  defaultValue?: string;
  onChange?: (value: string) => void;
  /** One sentence below the label's field. */
  help?: ReactNode;
  required?: boolean;
  /** Shows "facultatif" beside the label: where most fields are required. */
  optional?: boolean;
  disabled?: boolean;
  readOnly?: boolean;
  maxLength?: number;
  minLength?: number;
  autoComplete?: string;
  autoFocus?: boolean;
  /** What is wrong, found by the page itself. */
  error?: string | null;
  wide?: boolean;
};

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

/** What TextField gives its react-aria root, common to all text fields. */
function root({ name, value, defaultValue, onChange, required, disabled, readOnly, maxLength, minLength, error, autoFocus, autoComplete }: FieldProps) {
  return {
    name,
    value,
    defaultValue,
    onChange,
    maxLength,
    minLength,
    autoFocus,
    autoComplete,
    isRequired: required,
    isDisabled: disabled,
    isReadOnly: readOnly,
    isInvalid: error ? true : undefined,
  };
}

function className({ wide, big }: { wide?: boolean; big?: boolean }): string {
  return `field${wide ? " field-wide" : ""}${big ? " field-big" : ""}`;
}

/** The label of a field, with "facultatif" where asked. */
export function FieldLabel({ label, optional }: { label: string; optional?: boolean }) {
  const t = useT("ui");
  return (
    <Label className="field-label">
      {label}
      {optional && <span className="field-optional"> {t("optional")}</span>}
    </Label>
  );
}

/** The help and the error of a field. */
export function FieldNotes({ help, error }: { help?: ReactNode; error?: string | null }) {
  return (
    <>
      {help && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">{error ?? undefined}</FieldError>
    </>
  );
}

/** A line of text. */
export function TextField({ type = "text", inputMode, placeholder, spellCheck, autoCapitalize, min, max, ref, ...field }: TextProps) {
  return (
    <AriaTextField {...root(field)} type={type === "date" ? undefined : type} inputMode={inputMode} className={className(field)} spellCheck={spellCheck ? "true" : "false"}>
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
      <FieldNotes help={field.help} error={field.error} />
    </AriaTextField>
  );
}

/** A day, as `2026-11-23`, chosen with the browser's own calendar. */
export function DateField(props: Omit<TextProps, "type" | "inputMode" | "placeholder">) {
  return <TextField {...props} type="date" />;
}

/** A secret, which can be shown while it is typed. */
export function PasswordField({ ref, ...field }: FieldProps & { ref?: Ref<HTMLInputElement> }) {
  const t = useT("ui");
  const [shown, setShown] = useState(false);
  return (
    <AriaTextField {...root(field)} type={shown ? "text" : "password"} className={className(field)} spellCheck="false">
      <FieldLabel label={field.label} optional={field.optional} />
      <div className="field-row">
        <Input ref={ref} className="field-input" autoCapitalize="off" />
        <Button
          onPress={() => setShown(!shown)}
          icon={shown ? <EyeOff aria-hidden size={18} /> : <Eye aria-hidden size={18} />}
          label={t(shown ? "hide_field" : "show_field", { field: field.label })}
        >
          {t(shown ? "hide" : "show")}
        </Button>
      </div>
      <FieldNotes help={field.help} error={field.error} />
    </AriaTextField>
  );
}

/** Several lines of text. */
export function TextArea({ rows = 4, placeholder, ref, ...field }: FieldProps & { rows?: number; placeholder?: string; ref?: Ref<HTMLTextAreaElement> }) {
  return (
    <AriaTextField {...root(field)} className={className(field)}>
      <FieldLabel label={field.label} optional={field.optional} />
      <AriaTextArea ref={ref} className="field-input" rows={rows} placeholder={placeholder} />
      <FieldNotes help={field.help} error={field.error} />
    </AriaTextField>
  );
}
