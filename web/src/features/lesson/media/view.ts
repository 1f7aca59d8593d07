import type { Reaction } from "../live/protocol";

/** How one's own media path stands. `refused`: the browser or the engine gave none, and `why` says which. */
export type MediaStatus = "off" | "connecting" | "connected" | "reconnecting" | "refused";

export type Source = "camera" | "microphone" | "screen";
export type Quality = "good" | "poor" | "lost" | "unknown";

/** What is seen and heard of one person. */
export interface Presence {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  speaking: boolean;
  quality: Quality;
  /** Media of theirs arrive sealed with a key that is not here. */
  unreadable: boolean;
}

/** `all`: everything. `light`: few small pictures. `audio`: no picture but what the teacher shares. */
export type Mode = "all" | "light" | "audio";

/** Sound and picture, as the room uses them. The room never opens a device by itself: only a person's press does. */
export interface Media {
  status: MediaStatus;
  why: string | null;
  mine: { microphone: boolean; camera: boolean; screen: boolean };
  /** By the lesson's id of the person. */
  of(who: string): Presence;
  mode: Mode;
  /** The path has been poor for a while and a lighter mode would help. */
  suggestLighter: boolean;
  setMode(mode: Mode): void;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  setScreen(on: boolean): Promise<void>;
  /** Shows a person's camera or screen in an element until the returned function is called. `size` guides what is asked of the engine. */
  attach(element: HTMLVideoElement, who: string, source: "camera" | "screen"): () => void;
  /** The browser waits for a press before it plays sound. */
  soundBlocked: boolean;
  playSound(): Promise<void>;
}

/** A reaction that floats for a moment. */
export interface Floating {
  key: number;
  by: string;
  kind: Reaction;
}
