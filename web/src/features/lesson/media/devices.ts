import { keys, read, remove, write } from "@/storage";

export type DeviceKind = "audioinput" | "videoinput" | "audiooutput";

/** What was chosen on this page; on a device of one's own, also kept for the next lesson. */
let chosen: Partial<Record<DeviceKind, string>> | null = null;
let own = false;

/** Says whether this device is the person's own: elsewhere nothing is kept, nor read. */
export function onOwnDevice(is: boolean): void {
  own = is;
  if (!own) remove(keys.devices);
}

/** The device chosen before; undefined leaves the choice to the browser. */
export function remembered(kind: DeviceKind): string | undefined {
  chosen ??= own ? (read(keys.devices) ?? {}) : {};
  return chosen[kind];
}

export function remember(kind: DeviceKind, id: string): void {
  chosen = { ...chosen, [kind]: id };
  if (own) write(keys.devices, chosen);
}
