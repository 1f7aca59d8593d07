import { messages } from "./messages";

/** A text in the live region. `urgent` interrupts the reading: only for what the person just did wrong. */
export type Spoken = { id: number; text: string; urgent: boolean };

/** How long a text stays where it can be read again, in milliseconds. */
const STAY_MS = 8000;

let next = 1;

export const spoken = messages<Spoken>(4);

/** Says a short text to a screen reader, once, without moving focus. Gives the way to take it back. */
export function announce(text: string, { urgent = false }: { urgent?: boolean } = {}): () => void {
  const item = { id: next++, text, urgent };
  spoken.add(item);
  const timer = setTimeout(() => spoken.remove(item), STAY_MS);
  return () => {
    clearTimeout(timer);
    spoken.remove(item);
  };
}
