import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Form as AriaForm } from "react-aria-components/Form";
import { problemOf } from "@/api/problem";
import { ProblemNotice } from "./ErrorState";
import { type FieldErrors, FieldErrorsContext } from "./FieldParts";
import "./Field.css";

type Props = { onSubmit: (data: FormData) => void; error?: unknown; children: ReactNode; label?: string };

const NOBODY: Readonly<Record<string, string>> = {};

/**
 * A form. What the server says about a field is shown at the field of that
 * name, which takes focus; the rest is said above.
 */
export function Form({ onSubmit, error, children, label }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const fields = useMemo(() => (error ? problemOf(error).fields : NOBODY), [error]);
  const [elsewhere, setElsewhere] = useState(true);
  const [changed, setChanged] = useState<{ error: unknown; names: ReadonlySet<string> }>({ error: null, names: new Set() });
  useEffect(() => {
    const names = Object.keys(fields);
    const found = names.map((name) => form.current?.elements.namedItem(name)).filter((field) => field instanceof HTMLElement);
    setElsewhere(found.length === 0 || found.length < names.length);
    found[0]?.focus();
  }, [fields]);
  const errors = useMemo<FieldErrors>(() => {
    const forgotten = changed.error === error ? changed.names : null;
    return {
      of: (name) => (forgotten?.has(name) ? undefined : fields[name]),
      forget: (name) => {
        if (fields[name] !== undefined && !forgotten?.has(name)) setChanged({ error, names: new Set([...(forgotten ?? []), name]) });
      },
    };
  }, [fields, changed, error]);
  return (
    <AriaForm
      ref={form}
      className="form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(new FormData(event.currentTarget));
      }}
    >
      {error != null && elsewhere && <ProblemNotice problem={error} />}
      <FieldErrorsContext value={errors}>{children}</FieldErrorsContext>
    </AriaForm>
  );
}

/** The buttons at the end of a form. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="form-actions">{children}</div>;
}
