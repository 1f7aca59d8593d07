import type { ReactNode } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { useT } from "@/i18n";
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

/** What TextField gives its react-aria root, common to all text fields. */
export function rootProps({ name, value, defaultValue, onChange, required, disabled, readOnly, maxLength, minLength, error, autoFocus, autoComplete }: FieldProps) {
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

export function fieldClass({ wide, big }: { wide?: boolean; big?: boolean }): string {
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
