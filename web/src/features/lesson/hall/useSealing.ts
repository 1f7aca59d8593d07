import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Known } from "../live/fold";
import type { Link, Live } from "../live/live";
import type { MediaSeal } from "../media/keys";
import type { Sealing, SealView, Standing } from "../seal/sealing";

/** How long staff who can seal a lesson hold their media back, so that it begins sealed. */
const FIRST_KEY_WITHIN = 2_500;

const none: SealView = { hasKey: false, checked: false, holding: false, unverified: null, refused: null, code: null };
const silence = () => () => undefined;
const noView = () => none;

export interface Sealed {
  /** Media are sealed, whatever the server says of it later in this page. */
  on: boolean;
  view: SealView;
  sealing: Sealing | null;
  /** What media are sealed with: null for not at all, undefined while there must be no media. */
  seal: MediaSeal | null | undefined;
}

/** The keys of a lesson's media, for as long as the component stands. `standing` is null in a browser that cannot seal. */
export function useSealing(live: Live, lesson: string, known: Known | null, link: Link, standing: Standing | null): Sealed {
  const [made, setMade] = useState<{ sealing: Sealing; ring: MediaSeal } | null>(null);
  const latest = useRef(standing);
  latest.current = standing;
  const able = standing !== null;
  useEffect(() => {
    if (!able) return;
    let ring: MediaSeal | null = null;
    let sealing: Sealing | null = null;
    let gone = false;
    void Promise.all([import("../seal/sealing"), import("../media/keys")]).then(([{ Sealing }, { MediaSeal }]) => {
      if (gone || !latest.current) return;
      ring = new MediaSeal();
      sealing = new Sealing(lesson, live, ring, latest.current);
      sealing.start();
      setMade({ sealing, ring });
    });
    return () => {
      gone = true;
      sealing?.stop();
      ring?.close();
      setMade(null);
    };
  }, [live, lesson, able]);
  useEffect(() => {
    if (standing) made?.sealing.stand(standing);
  }, [made, standing]);
  const view = useSyncExternalStore(made?.sealing.onChange ?? silence, made?.sealing.snapshot ?? noView);
  const on = useSticky(known?.lesson.sealed === true);
  const held = useHeldBack(link.status === "open" && standing?.adult != null && !on);
  const seal = known === null || (on && made === null) || held ? undefined : on ? made?.ring : null;
  return { on, view, sealing: made?.sealing ?? null, seal };
}

/** True from the first time on: nothing goes back to unsealed. */
function useSticky(now: boolean): boolean {
  const [was, setWas] = useState(now);
  if (now && !was) setWas(true);
  return now || was;
}

function useHeldBack(may: boolean): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!may) return;
    const timer = setTimeout(() => setOver(true), FIRST_KEY_WITHIN);
    return () => clearTimeout(timer);
  }, [may]);
  return may && !over;
}
