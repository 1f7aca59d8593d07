import { keys, type QuestionsOnDevice, readLarge, removeLarge, writeLarge } from "@/storage";

/** Questions kept in one browser. */
const MOST = 20;

export type KeptQuestion = QuestionsOnDevice[string];

/** Whose, where, and which: a question of the bank, or a new one of a kind. */
export const keptName = (staff: string, school: string, which: string) => `${staff}/${school}/${which}`;

/** What this browser holds of a question that was not saved. */
export async function readKept(name: string): Promise<KeptQuestion | null> {
  return (await readLarge(keys.questions).catch(() => null))?.[name] ?? null;
}

/** Keeps a question while it is written, or forgets it. */
export async function writeKept(name: string, kept: KeptQuestion | null): Promise<void> {
  try {
    const all = { ...(await readLarge(keys.questions)) };
    if (kept) all[name] = kept;
    else delete all[name];
    const latest = Object.entries(all).sort(([, a], [, b]) => b.at - a.at).slice(0, MOST);
    await (latest.length > 0 ? writeLarge(keys.questions, Object.fromEntries(latest)) : removeLarge(keys.questions));
  } catch {
    // A browser that refuses storage: the page alone holds the text.
  }
}

/** Forgets every question on this device: somebody leaves it. */
export async function forgetQuestions(): Promise<void> {
  await removeLarge(keys.questions).catch(() => undefined); // a browser that refuses storage kept none
}
