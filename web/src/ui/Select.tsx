import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select as AriaSelect, SelectValue } from "react-aria-components/Select";
import { useT } from "@/i18n";
import { FieldLabel, FieldNotes } from "./FieldParts";
import { useFormField } from "./formFields";
import "./Field.css";
import "./Select.css";

/** One choice of a Select or a ComboBox. */
export type Option<V extends string = string> = { id: V; label: string; detail?: string; disabled?: boolean };

type Props<V extends string> = {
  label: string;
  name?: string;
  options: readonly Option<V>[];
  value?: V | null;
  defaultValue?: V;
  onChange?: (value: V) => void;
  help?: ReactNode;
  required?: boolean;
  optional?: boolean;
  disabled?: boolean;
  error?: string | null;
  wide?: boolean;
};

/** The row of one option, marked when chosen. */
export function OptionItem({ option }: { option: Option }) {
  return (
    <ListBoxItem id={option.id} textValue={option.label} isDisabled={option.disabled} className="list-item">
      {({ isSelected }) => (
        <>
          <span>
            {option.label}
            {option.detail && <span className="list-detail">{option.detail}</span>}
          </span>
          {isSelected && <Check aria-hidden size={18} />}
        </>
      )}
    </ListBoxItem>
  );
}

/** One choice in a short list. Up to four choices, prefer RadioGroup. */
export function Select<V extends string>({ label, name, options, value, defaultValue, onChange, help, required, optional, disabled, error: own, wide }: Props<V>) {
  const { root, error, changed } = useFormField({ name, label, required, optional, error: own });
  const t = useT("ui");
  return (
    <AriaSelect
      ref={root}
      className={`field${wide ? " field-wide" : ""}`}
      name={name}
      value={value}
      defaultValue={defaultValue}
      onChange={(key) => {
        changed();
        onChange?.(key as V);
      }}
      isRequired={required}
      isDisabled={disabled}
      isInvalid={error ? true : undefined}
      placeholder={t("choose")}
    >
      <FieldLabel label={label} optional={optional} />
      <Button className="field-input select-button">
        <SelectValue>{({ selectedText, defaultChildren }) => selectedText || defaultChildren}</SelectValue>
        <ChevronDown aria-hidden size={18} />
      </Button>
      <FieldNotes help={help} error={error} />
      <Popover className="popover" maxHeight={360}>
        <ListBox className="list" items={options}>
          {(option) => <OptionItem option={option} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
