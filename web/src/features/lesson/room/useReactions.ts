import { useEffect, useRef, useState } from "react";
import type { Live } from "../live/live";
import { type Reaction, reactions } from "../live/protocol";

const FLOAT_MS = 4_000;
const MOST = 20;

/** A reaction that floats for a moment. */
export interface Floating {
  key: number;
  by: string;
  kind: Reaction;
}

/** Reactions of the last seconds. */
export function useReactions(live: Live): readonly Floating[] {
  const [floating, setFloating] = useState<readonly Floating[]>([]);
  const next = useRef(1);
  useEffect(() => {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const stop = live.onSignal((signal) => {
      const kind = reactions.find((r) => r === signal.kind);
      if (signal.sig !== "reaction" || !kind) return;
      const one: Floating = { key: next.current++, by: signal.by as string, kind };
      setFloating((all) => [...all.slice(1 - MOST), one]);
      const timer = setTimeout(() => {
        timers.delete(timer);
        setFloating((all) => all.filter((f) => f !== one));
      }, FLOAT_MS);
      timers.add(timer);
    });
    return () => {
      stop();
      for (const timer of timers) clearTimeout(timer);
    };
  }, [live]);
  return floating;
}
