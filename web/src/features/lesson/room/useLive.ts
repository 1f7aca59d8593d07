import { useEffect, useMemo, useSyncExternalStore } from "react";
import { type Greeting, Live } from "../live/live";

/** One connection to a lesson for as long as the component stands. */
export function useLive(path: string, greeting?: Greeting): Live {
  const live = useMemo(() => new Live(address(path), greeting), [path, greeting]);
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  useSyncExternalStore(live.onChange, () => live.state());
  useSyncExternalStore(live.onChange, () => live.status());
  return live;
}

function address(path: string): string {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
