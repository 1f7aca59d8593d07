import { keys, read, write } from "@/storage";

type Kind = "audioinput" | "videoinput" | "audiooutput";

/** The device chosen before on this browser; undefined leaves the choice to it. */
export function remembered(kind: Kind): string | undefined {
  return read(keys.devices)?.[kind];
}

/** Keeps a choice, on a device of one's own; elsewhere for as long as the tab is open. */
export function remember(kind: Kind, id: string): void {
  write(keys.devices, { ...read(keys.devices), [kind]: id });
}
