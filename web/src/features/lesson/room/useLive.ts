import { useEffect, useSyncExternalStore } from "react";
import type { Known } from "../live/fold";
import type { Link, Live } from "../live/live";

/** Keeps a connection open for as long as the component stands, and gives what it knows. */
export function useLive(live: Live): { known: Known | null; link: Link } {
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  const known = useSyncExternalStore(live.onChange, live.state);
  const link = useSyncExternalStore(live.onChange, live.status);
  return { known, link };
}
