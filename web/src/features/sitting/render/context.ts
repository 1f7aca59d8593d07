import { createContext, type ReactNode, useContext } from "react";
import type { PublicNode, Value, Values } from "./tree";

/** What the interactions of a question share. */
export interface Answering {
  values: Values;
  change: (response: string, value: Value) => void;
  /** Addresses of a1, a2… */
  files: Record<string, string>;
  disabled: boolean;
  /** Ends the turn by a button of the question itself; absent where a question has one turn. */
  end?: (response: string) => void;
  /** Distinguishes the ids of the fields of this question. */
  prefix: string;
}

export const AnsweringContext = createContext<Answering | null>(null);

export function useAnswering(): Answering {
  const value = useContext(AnsweringContext);
  if (!value) throw new Error("outside a question");
  return value;
}

/** What draws an element in the place of the screen's own, by tag; `otherwise` is for interactions without one. */
export interface Surface {
  parts: Record<string, (props: { node: PublicNode }) => ReactNode>;
  otherwise?: (props: { node: PublicNode }) => ReactNode;
}

/** Where a question is drawn, when it is not a screen. */
export const SurfaceContext = createContext<Surface | null>(null);
