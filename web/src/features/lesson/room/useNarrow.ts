import { useSyncExternalStore } from "react";

const query = () => window.matchMedia("(width < 48rem)");

function subscribe(changed: () => void): () => void {
  const list = query();
  list.addEventListener("change", changed);
  return () => list.removeEventListener("change", changed);
}

/** Whether the page is a phone's: tools that do not fit go behind « Plus ». */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query().matches);
}
