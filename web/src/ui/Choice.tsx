import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox } from "react-aria-components/Checkbox";
import { Radio, RadioGroup as AriaRadioGroup } from "react-aria-components/RadioGroup";
import { Switch as AriaSwitch } from "react-aria-components/Switch";
import { FieldLabel, FieldNotes } from "./TextField";
import "./Field.css";
import "./Choice.css";

type BoxProps = {
  /** Absent only where `label` names the box for those who do not see the row. */
  children?: ReactNode;
  label?: string;
  detail?: ReactNode;
  name?: string;
  checked?: boolean;
  defaultChecked?: boolean;
  onChange?: (checked: boolean) => void;
  disabled?: boolean;
  required?: boolean;
};

/** A yes or no that is sent with a form, or a mark in a list. */
export function Checkbox({ children, label, detail, name, checked, defaultChecked, mixed, onChange, disabled, required }: BoxProps & { mixed?: boolean }) {
  return (
    <AriaCheckbox
      className="choice"
      aria-label={label}
      name={name}
      isSelected={checked}
      defaultSelected={defaultChecked}
      isIndeterminate={mixed}
      onChange={onChange}
      isDisabled={disabled}
      isRequired={required}
    >
      {({ isSelected, isIndeterminate }) => (
        <>
          <span className="choice-box" aria-hidden="true">
            {isIndeterminate ? <Minus size={18} strokeWidth={3} /> : isSelected && <Check size={18} strokeWidth={3} />}
          </span>
          {children && (
            <span>
              {children}
              {detail && <span className="choice-detail">{detail}</span>}
            </span>
          )}
        </>
      )}
    </AriaCheckbox>
  );
}

/** A setting that takes effect at once. */
export function Switch({ children, label, detail, checked, defaultChecked, onChange, disabled }: BoxProps) {
  return (
    <AriaSwitch className="choice" aria-label={label} isSelected={checked} defaultSelected={defaultChecked} onChange={onChange} isDisabled={disabled}>
      <span className="switch-track" aria-hidden="true" />
      {children && (
        <span>
          {children}
          {detail && <span className="choice-detail">{detail}</span>}
        </span>
      )}
    </AriaSwitch>
  );
}

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
export function RadioGroup<V extends string>({ label, name, options, value, defaultValue, onChange, help, required, disabled, error, row }: RadioProps<V>) {
  return (
    <AriaRadioGroup
      className="field field-wide"
      name={name}
      value={value}
      defaultValue={defaultValue}
      onChange={(v) => onChange?.(v as V)}
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
