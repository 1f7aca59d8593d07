import { createContext, type RefObject, useContext, useId, useLayoutEffect, useRef } from "react";
import { useT } from "@/i18n";

/** What is wrong, by name of field. */
export type Faults = Readonly<Record<string, string>>;

/** A field as its form knows it. */
export type FormField = {
  key: string;
  root: HTMLElement;
  required: boolean;
  optional: boolean;
  /** What is wrong with what it holds now, in a sentence that names it. */
  fault: () => string | null;
};

/** What a form gives its fields: the error to show at each, forgotten as soon as the field changes. */
export type FormFields = {
  of: (key: string) => string | undefined;
  forget: (key: string) => void;
  join: (field: FormField) => () => void;
};

export const FormFieldsContext = createContext<FormFields | null>(null);

type Options = {
  name?: string | undefined;
  label: string;
  required?: boolean | undefined;
  optional?: boolean | undefined;
  /** An error that the page holds itself; rather give it back from the form's onSubmit. */
  error?: string | null | undefined;
  /** What is wrong with a value that is not empty, in a sentence. */
  check?: ((value: string) => string | null) | undefined;
};

/** Whether a field is a group of boxes, whose own description is not read with the first of them. */
export function isGroup(root: HTMLElement): boolean {
  return root.dataset.boxes !== undefined;
}

/** What a field holds now, read where the person sees it. */
function valueIn(root: HTMLElement): { value: string; kind: "text" | "choice" | "box"; input: HTMLInputElement | HTMLTextAreaElement | null } {
  if (root.querySelector("input[type=checkbox]")) {
    return { value: root.querySelector("input[type=checkbox]:checked") ? "on" : "", kind: isGroup(root) ? "choice" : "box", input: null };
  }
  if (root.querySelector("input[type=radio]")) return { value: root.querySelector<HTMLInputElement>("input[type=radio]:checked")?.value ?? "", kind: "choice", input: null };
  const select = root.querySelector("select");
  if (select) return { value: select.value, kind: "choice", input: null };
  const input = root.querySelector<HTMLInputElement | HTMLTextAreaElement>("input:not([type=hidden]), textarea");
  return { value: input?.value.trim() ?? "", kind: root.querySelector("[role=combobox]") ? "choice" : "text", input };
}

/** Makes a field one of its form's: its error, and the ref of what holds it. `changed` is to be told of each change. */
export function useFormField(options: Options): { root: RefObject<HTMLDivElement | null>; error: string | undefined; changed: () => void } {
  const t = useT("ui");
  const form = useContext(FormFieldsContext);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const { name, required = false, optional = false } = options;
  const key = name ?? id;
  const fault = (): string | null => {
    if (!root.current) return null;
    const { value, kind, input } = valueIn(root.current);
    const field = options.label;
    if (value === "") {
      if (input instanceof HTMLInputElement && input.validity.badInput) return t("field_date", { field });
      return required ? t(kind === "box" ? "field_box" : kind === "choice" ? "field_choice" : "field_empty", { field }) : null;
    }
    if (input instanceof HTMLInputElement && input.type === "email" && input.validity.typeMismatch) return t("field_email", { field });
    return options.check?.(value) ?? null;
  };
  const latest = useRef(fault);
  latest.current = fault;
  const join = form?.join;
  useLayoutEffect(() => {
    if (!root.current) return;
    return join?.({ key, root: root.current, required, optional, fault: () => latest.current() });
  }, [join, key, required, optional]);
  return { root, error: options.error ?? form?.of(key), changed: () => form?.forget(key) };
}

/** Moves focus to what is typed or pressed in a field. False when it was already there. */
export function focusField(root: HTMLElement): boolean {
  const inner = 'input:not([type="hidden"], [tabindex="-1"]), textarea, button, [tabindex="0"]';
  const inside = [...root.querySelectorAll<HTMLElement>(`input[type="radio"]:checked, ${inner}`)].filter((found) => !found.closest('[aria-hidden="true"]'));
  const target = root.querySelector<HTMLElement>('input[type="radio"]:checked') ?? inside[0];
  if (!target || target === document.activeElement) return false;
  target.focus();
  return true;
}
