import { keys, removeLarge } from "@/storage";

/** Forgets every text of the journal on this device: somebody leaves it. */
export async function forgetDrafts(): Promise<void> {
  await removeLarge(keys.drafts).catch(() => undefined); // a browser that refuses storage kept none
}
