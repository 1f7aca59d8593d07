let say: ((text: string) => void) | null = null;

/** Says a short text to a screen reader, once, without moving focus. */
export function announce(text: string): void {
  say?.(text);
}

/** Given by the region that speaks, in Toasts. */
export function setSpeaker(speaker: ((text: string) => void) | null): void {
  say = speaker;
}
