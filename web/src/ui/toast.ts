import { messages } from "./messages";

/** A short confirmation that leaves on its own. */
export type ToastItem = { id: number; text: string; action?: { label: string; onPress: () => void } };

let next = 1;

export const toasts = messages<ToastItem>(3);

/** Confirms what was just done. Never for a refusal, nor for what must still be read later: those stay in the page. */
export function toast(text: string, action?: ToastItem["action"]): void {
  toasts.add({ id: next++, text, action });
}
