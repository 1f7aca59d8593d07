/** How one's own media path stands. `refused`: the engine gave none, and `why` says which. */
export type MediaStatus = "off" | "connecting" | "connected" | "reconnecting" | "refused";

export type Source = "camera" | "microphone" | "screen";
export type Quality = "good" | "poor" | "lost" | "unknown";

/** What is seen and heard of one person. */
export interface Presence {
  microphone: boolean;
  /** The track that shows, null when none does. */
  camera: string | null;
  screen: string | null;
  speaking: boolean;
  quality: Quality;
  /** Media of theirs arrive that this browser cannot open, or that are not sealed where they should be. */
  unreadable: boolean;
}

/** `all`: everything. `light`: small pictures. `audio`: no camera, only sound and what is shared. */
export type Mode = "all" | "light" | "audio";

/** What a person opens and closes. */
export type Device = "microphone" | "camera" | "screen";

/** Why a device did not open: no permission, none there, taken by another program, or something else. */
export type DeviceTrouble = { device: Device; why: "denied" | "none" | "busy" | "other" };

export interface MediaView {
  status: MediaStatus;
  why: string | null;
  mine: Record<Device, boolean>;
  mode: Mode;
  /** The path has been poor for a while and a lighter mode would help. */
  suggestLighter: boolean;
  /** The browser waits for a press before it plays sound. */
  soundBlocked: boolean;
  trouble: DeviceTrouble | null;
  people: ReadonlyMap<string, Presence>;
}

/** Sound and picture, as the room uses them. The room never opens a device by itself: only a person's press does. */
export interface Media extends Omit<MediaView, "people"> {
  /** By the lesson's id of the person. */
  of(who: string): Presence;
  setMode(mode: Mode): void;
  setDevice(device: Device, on: boolean): Promise<void>;
  /** Shows a person's camera or screen in an element until the returned function is called. */
  attach(element: HTMLVideoElement, who: string, source: "camera" | "screen"): () => void;
  playSound(): Promise<void>;
  forgetTrouble(): void;
}
