import { Check, Minus } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Checkbox as AriaCheckbox } from "react-aria-components/Checkbox";
import { useFormField } from "./formFields";
import "./Choice.css";
import "./Field.css";

export type BoxProps = {
  /** Absent only where `label` names the box for those who do not see the row. */
  children?: ReactNode;
  label?: string;
  detail?: ReactNode;
  checked?: boolean;
  defaultChecked?: boolean;
  onChange?: (checked: boolean) => void;
  disabled?: boolean;
};

/** The words of a choice. What explains it is its description, not part of its name. */
export function ChoiceWords({ id, children, detail }: { id: string; children: ReactNode; detail?: ReactNode }) {
  return (
    <span>
      <span id={id}>{children}</span>
      {detail && (
        <span className="choice-detail" id={`${id}-detail`}>
          {detail}
        </span>
      )}
    </span>
  );
}

type Props = BoxProps & { name?: string; mixed?: boolean; required?: boolean };

/** A yes or no that is sent with a form, or a mark in a list. */
export function Checkbox({ children, label, detail, name, checked, defaultChecked, mixed, onChange, disabled, required }: Props) {
  const id = useId();
  const { root, error, changed } = useFormField({ name, label: label ?? "", required });
  return (
    <div className="choice-frame" ref={root}>
      <AriaCheckbox
        className="choice"
        aria-label={label}
        aria-labelledby={children && !label ? id : undefined}
        aria-describedby={[detail && `${id}-detail`, error && `${id}-error`].filter(Boolean).join(" ") || undefined}
        name={name}
        isSelected={checked}
        defaultSelected={defaultChecked}
        isIndeterminate={mixed}
        onChange={(on) => {
          changed();
          onChange?.(on);
        }}
        isDisabled={disabled}
        isRequired={required}
        isInvalid={error ? true : undefined}
      >
        {({ isSelected, isIndeterminate }) => (
          <>
            <span className="choice-box" aria-hidden="true">
              {isIndeterminate ? <Minus size={18} strokeWidth={3} /> : isSelected && <Check size={18} strokeWidth={3} />}
            </span>
            {children && (
              <ChoiceWords id={id} detail={detail}>
                {children}
              </ChoiceWords>
            )}
          </>
        )}
      </AriaCheckbox>
      {error && (
        <span className="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
