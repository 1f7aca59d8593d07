/** A short list that the page follows: what is being said, what is being shown. */
export type Messages<T> = {
  items: () => readonly T[];
  add: (item: T) => void;
  remove: (item: T) => void;
  follow: (listener: () => void) => () => void;
};

/** Makes an empty list that keeps the last `most` of what it is given. */
export function messages<T>(most: number): Messages<T> {
  let items: readonly T[] = [];
  const listeners = new Set<() => void>();
  const change = (to: readonly T[]) => {
    items = to;
    for (const heard of listeners) heard();
  };
  return {
    items: () => items,
    add: (item) => change([...items.slice(1 - most), item]),
    remove: (item) => items.includes(item) && change(items.filter((other) => other !== item)),
    follow: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
