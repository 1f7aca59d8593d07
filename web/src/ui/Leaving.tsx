import { createContext, type ReactNode, type RefObject, useCallback, useRef } from "react";
import { type AroundNavHandler, Router } from "wouter";

/** Asks the person before going. */
export type Ask = (go: () => void) => void;

/** Who asks now, if anybody. */
export const Asking = createContext<RefObject<Ask | null>>({ current: null });

/** Lets a page ask before it is left by a link. What replaces the address, as signing in again does, is not asked. */
export function Leaving({ children }: { children: ReactNode }) {
  const ask = useRef<Ask | null>(null);
  const around = useCallback<AroundNavHandler>((navigate, to, options) => {
    const go = () => navigate(to, options);
    if (ask.current && !options?.replace) ask.current(go);
    else go();
  }, []);
  return (
    <Asking value={ask}>
      <Router aroundNav={around}>{children}</Router>
    </Asking>
  );
}
