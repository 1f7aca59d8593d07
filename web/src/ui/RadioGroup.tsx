import type { ReactNode } from "react";
import { Radio, RadioGroup as AriaRadioGroup } from "react-aria-components/RadioGroup";
import { FieldLabel, FieldNotes, useFieldError } from "./FieldParts";
import "./Choice.css";

type RadioProps<V extends string> = {
  label: string;
  name?: string;
  options: readonly { id: V; label: string; detail?: string; disabled?: boolean }[];
  value?: V;
  defaultValue?: V;
  onChange?: (value: V) => void;
  help?: ReactNode;
  required?: boolean;
  disabled?: boolean;
  error?: string | null;
  /** Side by side where there is room. */
  row?: boolean;
};

/** One choice among a few, all seen at once. */
export function RadioGroup<V extends string>({ label, name, options, value, defaultValue, onChange, help, required, disabled, error: own, row }: RadioProps<V>) {
  const { error, changed } = useFieldError(name, own);
  return (
    <AriaRadioGroup
      className="field field-wide"
      name={name}
      value={value}
      defaultValue={defaultValue}
      onChange={(v) => {
        changed();
        onChange?.(v as V);
      }}
      isRequired={required}
      isDisabled={disabled}
      isInvalid={error ? true : undefined}
    >
      <FieldLabel label={label} />
      <div className={`choices${row ? " choices-row" : ""}`}>
        {options.map((option) => (
          <Radio key={option.id} value={option.id} isDisabled={option.disabled} className="choice">
            <span className="choice-box choice-round" aria-hidden="true" />
            <span>
              {option.label}
              {option.detail && <span className="choice-detail">{option.detail}</span>}
            </span>
          </Radio>
        ))}
      </div>
      <FieldNotes help={help} error={error} />
    </AriaRadioGroup>
  );
}
