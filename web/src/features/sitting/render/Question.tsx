import { useMemo } from "react";
import { AnsweringContext } from "./context";
import { Content } from "./Content";
import type { PublicNode, Value, Values } from "./tree";
import "./render.css";

interface Props {
  /** Of this question among those on the page. */
  name: string;
  body: readonly PublicNode[];
  files: Record<string, string>;
  language?: string;
  values: Values;
  disabled?: boolean;
  onChange: (values: Values) => void;
  onEnd?: (response: string) => void;
}

/** A question as its pupil sees it: what it shows, and where it is answered. */
export function Question({ name, body, files, language, values, disabled = false, onChange, onEnd }: Props) {
  const answering = useMemo(
    () => ({ values, files, disabled, prefix: name, end: onEnd, change: (response: string, value: Value) => onChange({ ...values, [response]: value }) }),
    [values, files, disabled, name, onChange, onEnd],
  );
  return (
    <AnsweringContext value={answering}>
      <div className="question" lang={language}>
        <Content nodes={body} />
      </div>
    </AnsweringContext>
  );
}
