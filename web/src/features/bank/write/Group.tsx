import { type ReactNode, useId } from "react";
import { useFormField } from "@/ui/formFields";
import "./write.css";

/** Several fields that one error may be about: it is shown below them, and goes as soon as one of them changes. */
export function Group({ name, title, intro, children }: { name: string; title: string; intro?: ReactNode; children: ReactNode }) {
  const id = useId();
  const { root, error, changed } = useFormField({ name, label: title });
  return (
    <div ref={root} role="group" aria-labelledby={id} aria-describedby={error ? `${id}-error` : undefined} className="write-group" data-boxes onChange={changed} onClick={changed}>
      <h2 id={id}>{title}</h2>
      {intro && <p className="field-help">{intro}</p>}
      {children}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </div>
  );
}

/** An error about fields that have their own title. */
export function Fault({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  const { root, error, changed } = useFormField({ name, label });
  return (
    <div ref={root} className="write-fault" data-boxes onChange={changed} onClick={changed}>
      {children}
      {error && <p className="field-error">{error}</p>}
    </div>
  );
}
