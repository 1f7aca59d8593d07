import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { ComboBox as AriaComboBox } from "react-aria-components/ComboBox";
import { Input } from "react-aria-components/Input";
import { ListBox } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { useT } from "@/i18n";
import { type Option, OptionItem } from "./Select";
import { FieldLabel, FieldNotes } from "./FieldParts";
import { useFormField } from "./formFields";
import "./Field.css";
import "./Select.css";

type Props = {
  label: string;
  name?: string;
  options: readonly Option[];
  value?: string | null;
  defaultValue?: string;
  onChange?: (value: string | null) => void;
  /** Accept a text that is not in the list, given as it is typed. */
  onType?: (text: string) => void;
  help?: ReactNode;
  required?: boolean;
  optional?: boolean;
  disabled?: boolean;
  error?: string | null;
};

/** One choice in a long list, found by typing. */
export function ComboBox({ label, name, options, value, defaultValue, onChange, onType, help, required, optional, disabled, error: own }: Props) {
  const { root, error, changed } = useFormField({ name, label, required, optional, error: own });
  const t = useT("ui");
  return (
    <AriaComboBox
      ref={root}
      className="field"
      name={name}
      defaultItems={options}
      value={value}
      defaultValue={defaultValue}
      onChange={(key) => {
        changed();
        onChange?.(key === null ? null : String(key));
      }}
      onInputChange={onType}
      allowsCustomValue={onType !== undefined}
      isRequired={required}
      isDisabled={disabled}
      isInvalid={error ? true : undefined}
      menuTrigger="input"
    >
      <FieldLabel label={label} optional={optional} />
      <div className="field-row">
        <Input className="field-input" />
        <Button className="button button-plain" aria-label={t("open_list")}>
          <ChevronDown aria-hidden size={18} />
        </Button>
      </div>
      <FieldNotes help={help} error={error} />
      <Popover className="popover" maxHeight={360}>
        <ListBox className="list" renderEmptyState={() => <p className="list-item">{t("nothing_found")}</p>}>
          {(option: Option) => <OptionItem option={option} />}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
