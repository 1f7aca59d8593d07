import { createContext, useContext } from "react";
import type { Value, Values } from "./tree";

/** What the interactions of a question share. */
export interface Answering {
  values: Values;
  change: (response: string, value: Value) => void;
  /** Addresses of a1, a2… */
  files: Record<string, string>;
  disabled: boolean;
  /** Distinguishes the ids of the fields of this question. */
  prefix: string;
}

export const AnsweringContext = createContext<Answering | null>(null);

export function useAnswering(): Answering {
  const value = useContext(AnsweringContext);
  if (!value) throw new Error("outside a question");
  return value;
}
