import { names as vault } from "@/features/names/session";
import type { Excerpt } from "./freeze";

/** Opens a kept excerpt with the person's own key; null when it is not for them or is damaged. */
export async function openExcerpt(sealed: string): Promise<Excerpt | null> {
  const [{ Opener }, { fromBase64Url, fromUtf8 }] = await Promise.all([import("@/features/names/age"), import("@/features/names/bytes")]);
  const bytes = fromBase64Url(sealed);
  if (!vault.key || !bytes) return null;
  try {
    return readExcerpt(JSON.parse(fromUtf8(await new Opener(vault.key.identity).open(bytes))));
  } catch {
    return null;
  }
}

/** Checks the form of what another browser wrote. */
export function readExcerpt(value: unknown): Excerpt | null {
  const e = value as Excerpt | null;
  const isText = (x: unknown) => x === undefined || typeof x === "string";
  if (e?.v !== 1 || typeof e.title !== "string" || typeof e.report?.by !== "string" || typeof e.report.at !== "number" || !Array.isArray(e.messages)) return null;
  if (![e.report.who, e.report.text, e.report.message].every(isText)) return null;
  const sound = e.messages.every((m) => typeof m?.id === "string" && typeof m.by === "string" && typeof m.text === "string" && Number.isFinite(m.at));
  return sound ? e : null;
}
