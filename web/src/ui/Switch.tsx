import { Switch as AriaSwitch } from "react-aria-components/Switch";
import type { BoxProps } from "./Checkbox";
import "./Choice.css";

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
