import { useEffect, useRef } from "react";
import { announce } from "./announce";

/** How long a text must stay the same before it is said: whoever types hears the last one only. */
const SETTLED_MS = 700;

/** Says a text each time that it has changed and settled: the count of a search, of a filter. Not when the page opens. */
export function useSpoken(text: string): void {
  const said = useRef(text);
  useEffect(() => {
    if (text === said.current) return;
    const timer = setTimeout(() => {
      said.current = text;
      if (text) announce(text);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
}
