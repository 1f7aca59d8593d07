import { type ReactNode, useId } from "react";
import { Radio, RadioGroup as AriaRadioGroup } from "react-aria-components/RadioGroup";
import { ChoiceWords } from "./Checkbox";
import { FieldLabel, FieldNotes } from "./FieldParts";
import { useFormField } from "./formFields";
import "./Choice.css";

type RadioProps<V extends string> = {
  label: string;
  name?: string;
  /** `lang`: the language that the label itself is in, when it is not the page's. */
  options: readonly { id: V; label: string; detail?: string; disabled?: boolean; lang?: string }[];
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
  const id = useId();
  const { root, error, changed } = useFormField({ name, label, required, error: own });
  return (
    <AriaRadioGroup
      ref={root}
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
          <Radio
            key={option.id}
            value={option.id}
            isDisabled={option.disabled}
            className="choice"
            aria-labelledby={`${id}-${option.id}`}
            aria-describedby={option.detail ? `${id}-${option.id}-detail` : undefined}
          >
            <span className="choice-box choice-round" aria-hidden="true" />
            <ChoiceWords id={`${id}-${option.id}`} detail={option.detail}>
              {option.lang ? <span lang={option.lang}>{option.label}</span> : option.label}
            </ChoiceWords>
          </Radio>
        ))}
      </div>
      <FieldNotes help={help} error={error} />
    </AriaRadioGroup>
  );
}
