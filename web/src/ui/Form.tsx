import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Form as AriaForm, FormContext as AriaFormContext } from "react-aria-components/Form";
import { problemOf } from "@/api/problem";
import { useT } from "@/i18n";
import { announce } from "./announce";
import { ProblemNotice } from "./ErrorState";
import { type Faults, focusField, type FormField, type FormFields, FormFieldsContext, isGroup } from "./formFields";
import "./Field.css";

type Props = {
  /** Called when every field holds what it must. Gives back, now or later, what the page itself finds wrong, by name of field. */
  onSubmit: (data: FormData) => void | Faults | Promise<void | Faults>;
  /** The refusal of the request, if it was refused. */
  error?: unknown;
  children: ReactNode;
  label?: string;
};

const NONE: Faults = {};

/** In the order of the page. */
function inOrder(fields: Iterable<FormField>): FormField[] {
  return [...fields].sort((a, b) => (a.root.compareDocumentPosition(b.root) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
}

/** Says once, above the fields, which must be filled. */
function Marks({ required, optional }: { required: number; optional: number }) {
  const t = useT("ui");
  if (required === 0 || required + optional < 2) return null;
  return <p className="field-help">{t(optional > 0 ? "required_others" : "required_all")}</p>;
}

/**
 * A form. What is wrong with a field, found by the field, the page or the
 * server, is shown at it until it changes; at each refused submit the first
 * such field takes focus, or says its error again when it has focus already.
 * The rest is said above.
 */
export function Form({ onSubmit, error, children, label }: Props) {
  const fields = useRef(new Map<string, FormField>());
  const refused = useMemo(() => (error ? problemOf(error).fields : NONE), [error]);
  const [found, setFound] = useState<{ faults: Faults }>({ faults: NONE });
  const [forgotten, setForgotten] = useState<ReadonlySet<string>>(new Set());
  const [above, setAbove] = useState<unknown>(null);
  const [marks, setMarks] = useState({ required: 0, optional: 0 });

  useLayoutEffect(() => {
    const all = [...fields.current.values()];
    const next = { required: all.filter((f) => f.required).length, optional: all.filter((f) => f.optional).length };
    setMarks((before) => (before.required === next.required && before.optional === next.optional ? before : next));
  });

  // One function for the life of the form, so that no field joins twice.
  const [join] = useState(() => (field: FormField) => {
    fields.current.set(field.key, field);
    return () => {
      if (fields.current.get(field.key) === field) fields.current.delete(field.key);
    };
  });

  const lead = (faults: Faults) => {
    const first = inOrder(fields.current.values()).find((field) => faults[field.key] !== undefined);
    if (first && (!focusField(first.root) || isGroup(first.root))) announce(faults[first.key] ?? "", { urgent: true });
  };
  useEffect(() => {
    setForgotten(new Set());
    const keys = Object.keys(refused);
    setAbove(keys.length === 0 || keys.some((key) => !fields.current.has(key)) ? error : null);
    lead(refused);
  }, [refused, error]);
  useEffect(() => lead(found.faults), [found]);

  const context = useMemo<FormFields>(
    () => ({
      of: (key) => (forgotten.has(key) ? undefined : (found.faults[key] ?? refused[key])),
      forget: (key) => {
        if (found.faults[key] !== undefined || refused[key] !== undefined) setForgotten((before) => (before.has(key) ? before : new Set([...before, key])));
      },
      join,
    }),
    [refused, found, forgotten],
  );
  const refuse = (faults: Faults) => {
    setForgotten(new Set());
    setFound({ faults });
  };
  const submit = (data: FormData) => {
    const faults: Record<string, string> = {};
    for (const field of fields.current.values()) {
      const fault = field.fault();
      if (fault !== null) faults[field.key] = fault;
    }
    if (Object.keys(faults).length > 0) return refuse(faults);
    setFound({ faults: NONE });
    const answer = onSubmit(data);
    if (answer instanceof Promise) void answer.then((later) => later && refuse(later));
    else if (answer) refuse(answer);
  };
  // react-aria gives a form in a dialog the properties of the one it was opened from, its onSubmit among them.
  return (
    <AriaFormContext value={null}>
      <AriaForm
        className="form"
        aria-label={label}
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          // React hands on the submit of a form in a dialog that was opened from here.
          if (event.target !== event.currentTarget) return;
          submit(new FormData(event.currentTarget));
        }}
      >
        {error != null && above === error && <ProblemNotice problem={error} />}
        <Marks {...marks} />
        <FormFieldsContext value={context}>{children}</FormFieldsContext>
      </AriaForm>
    </AriaFormContext>
  );
}

/** The buttons at the end of a form. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="form-actions">{children}</div>;
}
