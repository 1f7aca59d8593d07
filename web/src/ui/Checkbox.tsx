import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox } from "react-aria-components/Checkbox";
import "./Choice.css";

export type BoxProps = {
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
