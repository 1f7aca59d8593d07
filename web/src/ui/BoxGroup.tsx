import { type ReactNode, useId } from "react";
import { useFormField } from "./formFields";
import "./Field.css";

type Props = {
  label: string;
  /** The legend is heard, not seen: where the title above says it already. */
  labelHidden?: boolean;
  /** At least one box must be ticked. */
  required?: boolean;
  /** A frame of its own that scrolls, for a long list. */
  framed?: boolean;
  children: ReactNode;
};

/** Several boxes that answer one question. */
export function BoxGroup({ label, labelHidden, required, framed, children }: Props) {
  const id = useId();
  const { root, error } = useFormField({ label, required });
  return (
    <fieldset className="field field-wide" aria-describedby={error ? id : undefined}>
      <legend className={labelHidden ? "heard" : "field-label"}>{label}</legend>
      <div ref={root} data-boxes className={framed ? "choices-framed" : "choices"}>
        {children}
      </div>
      {error && (
        <span className="field-error" id={id}>
          {error}
        </span>
      )}
    </fieldset>
  );
}
