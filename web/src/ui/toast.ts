/** A short confirmation that leaves on its own. */
export type ToastItem = { id: number; text: string; action?: { label: string; onPress: () => void } };

let items: readonly ToastItem[] = [];
let next = 1;
const listeners = new Set<() => void>();

const change = (to: readonly ToastItem[]) => {
  items = to;
  for (const heard of listeners) heard();
};

/** Confirms what was just done. Never for a refusal: those stay in the page. */
export function toast(text: string, action?: ToastItem["action"]): void {
  change([...items.slice(-2), { id: next++, text, action }]);
}

export function dismissToast(id: number): void {
  change(items.filter((item) => item.id !== id));
}

export function toastItems(): readonly ToastItem[] {
  return items;
}

export function onToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
