import type { ReactNode } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { useT } from "@/i18n";
import { useFormField } from "./formFields";
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
  /** What is wrong, held by the page itself; a page rather gives it back from its form's onSubmit. */
  error?: string | null;
  /** What is wrong with a value that is not empty, in a sentence: asked at each submit. */
  check?: (value: string) => string | null;
  wide?: boolean;
};

/** What a text field gives its react-aria root, and the error it shows. */
export function useTextField(props: FieldProps) {
  const { name, value, defaultValue, onChange, required, disabled, readOnly, maxLength, minLength, autoFocus, autoComplete } = props;
  const { root: ref, error, changed } = useFormField(props);
  const root = {
    ref,
    name,
    value,
    defaultValue,
    maxLength,
    minLength,
    autoFocus,
    autoComplete,
    onChange: (text: string) => {
      changed();
      onChange?.(text);
    },
    isRequired: required,
    isDisabled: disabled,
    isReadOnly: readOnly,
    isInvalid: error ? true : undefined,
  };
  return { root, error };
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
