import { seatKeys } from "@/features/names/seatSecret";
import { toBase64Url } from "@/features/names/bytes";
import { enterByLink, type Entered } from "./api";
import { tryCode } from "./work";

/** What this tab knows of its own entry; gone with the tab, or when the pupil leaves. */
interface Here {
  /** Opens first names sealed to this entry; null after a typed code or a reload. */
  identity: string | null;
  /** The pupil has not said yet that the picture is theirs. */
  confirming: boolean;
}

const nobody: Here = { identity: null, confirming: false };
let here = nobody;

export function thisEntry(): Readonly<Here> {
  return here;
}

export function confirmed(): void {
  here = { ...here, confirming: false };
}

/** Forgets everything of the pupil in this tab. */
export function forget(): void {
  here = nobody;
}

/** Enters with a slip's secret. Only what derives from it leaves the browser. */
export async function enterWithSecret(secret: Uint8Array<ArrayBuffer>, own: boolean): Promise<Entered> {
  const keys = await seatKeys(secret);
  const { makePupilKey } = await import("@/features/names/pupilKey");
  const key = await makePupilKey(keys.bind);
  const entered = await enterByLink({ auth: toBase64Url(keys.auth), own, recipient: key.recipient, mac: key.mac });
  here = { identity: key.identity, confirming: true };
  return entered;
}

/** Enters with a typed code; `onWork` hears the share of the asked work, from 0 to 1. */
export async function enterWithCode(code: string, own: boolean, onWork: (share: number) => void): Promise<Entered> {
  const entered = await tryCode(code, own, onWork);
  here = { identity: null, confirming: true };
  return entered;
}
