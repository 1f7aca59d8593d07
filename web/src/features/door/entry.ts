import { seatKeys } from "@/features/names/seatSecret";
import { fromBase64Url, toBase64Url } from "@/features/names/bytes";
import { keys, read, remove, write } from "@/storage";
import { enterByLink, type Entered } from "./api";
import { inLine, type Place } from "./line";
import { type OnWork, tryCode } from "./work";

/** What this tab knows of its own entry; gone with the tab, or when the pupil leaves. */
interface Here {
  /** Opens first names sealed to this entry; null after a typed code. */
  identity: string | null;
  /** The secret that the slip shares with staff who hold its name, base64url: it never leaves the browser. Null after a typed code. */
  bind: string | null;
  /** The pupil has not said yet that the picture is theirs. */
  confirming: boolean;
}

const nobody: Here = { identity: null, bind: null, confirming: false };

export function thisEntry(): Readonly<Here> {
  return read(keys.entry) ?? nobody;
}

/** The slip's shared secret, when this tab entered with one. */
export function slipBind(): Uint8Array<ArrayBuffer> | null {
  const { bind } = thisEntry();
  return bind ? fromBase64Url(bind) : null;
}

export function confirmed(): void {
  write(keys.entry, { ...thisEntry(), confirming: false });
}

/** Asks again whether the picture is the pupil's: somebody came to the door of a shared device that was left open. */
export function askAgain(): void {
  write(keys.entry, { ...thisEntry(), confirming: true });
}

/** Forgets everything of the pupil in this tab. */
export function forget(): void {
  remove(keys.entry);
}

/** Enters with a slip's secret, at its turn. Only what derives from it leaves the browser. */
export async function enterWithSecret(secret: Uint8Array<ArrayBuffer>, own: boolean, onPlace: (place: Place) => void, signal: AbortSignal): Promise<Entered> {
  const derived = await seatKeys(secret);
  const { makePupilKey } = await import("@/features/names/pupilKey");
  const key = await makePupilKey(derived.bind);
  const body = { auth: toBase64Url(derived.auth), own, recipient: key.recipient, mac: key.mac };
  const entered = await inLine((ticket) => enterByLink(body, signal, ticket), onPlace, signal);
  write(keys.entry, { identity: key.identity, bind: toBase64Url(derived.bind), confirming: true });
  return entered;
}

/** Enters with a typed code; `onWork` hears how the asked work goes. */
export async function enterWithCode(code: string, own: boolean, onWork: OnWork, signal: AbortSignal): Promise<Entered> {
  const entered = await tryCode(code, own, onWork, signal);
  write(keys.entry, { identity: null, bind: null, confirming: true });
  return entered;
}
