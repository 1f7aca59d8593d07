import { Eye, EyeOff } from "lucide-react";
import { type Ref, useState } from "react";
import { Input } from "react-aria-components/Input";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import { useT } from "@/i18n";
import { Button } from "./Button";
import { fieldClass, FieldLabel, FieldNotes, type FieldProps, useTextField } from "./FieldParts";

/** A secret, which can be shown while it is typed. */
export function PasswordField({ ref, ...field }: FieldProps & { ref?: Ref<HTMLInputElement> }) {
  const { root, error } = useTextField(field);
  const t = useT("ui");
  const [shown, setShown] = useState(false);
  return (
    <AriaTextField {...root} type={shown ? "text" : "password"} className={fieldClass(field)} spellCheck="false">
      <FieldLabel label={field.label} optional={field.optional} />
      <div className="field-row">
        <Input ref={ref} className="field-input" autoCapitalize="off" />
        <Button
          onPress={() => setShown(!shown)}
          icon={shown ? <EyeOff aria-hidden size={18} /> : <Eye aria-hidden size={18} />}
          label={t(shown ? "hide_field" : "show_field", { field: field.label })}
        >
          {t(shown ? "hide" : "show")}
        </Button>
      </div>
      <FieldNotes help={field.help} error={error} />
    </AriaTextField>
  );
}
