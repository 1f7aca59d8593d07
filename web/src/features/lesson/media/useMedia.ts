import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Link, Live } from "../live/live";
import type { Engine } from "./engine";
import type { MediaSeal } from "./keys";
import type { Media, MediaView, Presence } from "./view";

const nobody: Presence = { microphone: false, camera: null, screen: null, speaking: false, quality: "unknown", unreadable: false };

const off: MediaView = {
  status: "connecting", why: null, mine: { microphone: false, camera: false, screen: false }, mode: "all", suggestLighter: false, soundBlocked: false, trouble: null,
  people: new Map(),
};

const silence = () => () => undefined;
const nothing = () => off;

export interface Opening {
  microphone: boolean;
  camera: boolean;
}

/**
 * Sound and pictures for as long as the component stands. `seal` is null for a
 * lesson whose media are not sealed, undefined while that is not known or while
 * there must be none: then nothing is sent and nothing plays.
 */
export function useMedia(live: Live, link: Link, attended: boolean, seal: MediaSeal | null | undefined, opening: Opening): { media: Media; engine: Engine | null } {
  const [engine, setEngine] = useState<Engine | null>(null);
  const carried = useRef({ mode: "all" as Media["mode"], ...opening });
  useEffect(() => {
    if (seal === undefined) return;
    let made: Engine | null = null;
    let gone = false;
    void import("./engine").then(({ Engine }) => {
      if (gone) return;
      made = new Engine(live, seal, carried.current);
      made.start();
      setEngine(made);
    });
    return () => {
      gone = true;
      if (made) carried.current = made.opened();
      made?.stop();
      setEngine(null);
    };
  }, [live, seal]);
  const joined = link.status === "open";
  useEffect(() => {
    if (joined) void engine?.hurry();
  }, [engine, joined]);
  useEffect(() => engine?.setAttended(attended), [engine, attended]);
  const view = useSyncExternalStore(engine?.onChange ?? silence, engine?.snapshot ?? nothing);
  const media = useMemo<Media>(() => {
    const { people, ...rest } = view;
    return {
      ...rest,
      of: (who) => people.get(who) ?? nobody,
      setMode: (mode) => engine?.setMode(mode),
      setDevice: async (device, on) => engine?.setDevice(device, on),
      attach: engine?.attach ?? silence,
      playSound: async () => engine?.playSound(),
      forgetTrouble: () => engine?.forgetTrouble(),
    };
  }, [view, engine]);
  return { media, engine };
}
