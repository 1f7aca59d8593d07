import { useId } from "react";
import { Switch as AriaSwitch } from "react-aria-components/Switch";
import { type BoxProps, ChoiceWords } from "./Checkbox";
import "./Choice.css";

/** A setting that takes effect at once. Disabled, it can still be reached and read: its detail says why. */
export function Switch({ children, label, detail, checked, defaultChecked, onChange, disabled }: BoxProps) {
  const id = useId();
  return (
    <AriaSwitch
      className={`choice${disabled ? " choice-off" : ""}`}
      aria-label={label}
      aria-labelledby={children && !label ? id : undefined}
      aria-describedby={detail ? `${id}-detail` : undefined}
      isSelected={checked}
      defaultSelected={defaultChecked}
      onChange={onChange}
      isReadOnly={disabled}
    >
      <span className="switch-track" aria-hidden="true" />
      {children && (
        <ChoiceWords id={id} detail={detail}>
          {children}
        </ChoiceWords>
      )}
    </AriaSwitch>
  );
}
