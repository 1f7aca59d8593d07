import type { ReactNode } from "react";
import { Form as AriaForm } from "react-aria-components/Form";
import { problemOf } from "@/api/problem";
import { ProblemNotice } from "./ErrorState";
import "./Field.css";

/**
 * A form. What the server says about a field reaches the field of that name;
 * the rest is said above the actions.
 */
export function Form({ onSubmit, error, children, label }: { onSubmit: (data: FormData) => void; error?: unknown; children: ReactNode; label?: string }) {
  const problem = error ? problemOf(error) : null;
  return (
    <AriaForm
      className="form"
      aria-label={label}
      validationErrors={problem?.fields as Record<string, string> | undefined}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(new FormData(event.currentTarget));
      }}
    >
      {problem && <ProblemNotice problem={problem} />}
      {children}
    </AriaForm>
  );
}

/** The buttons at the end of a form. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="form-actions">{children}</div>;
}
