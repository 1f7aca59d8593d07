/**
 * Keys as six words that two people can read aloud to each other: 66 bits of
 * SHA-256 over lines that say what the key is.
 */
import { sha256, utf8 } from "./bytes";
import { wordsOf } from "./words";

export const FINGERPRINT_WORDS = 6;

/** The words of a person's key. */
export function personWords(staffId: string, recipient: string, signPub: string): Promise<string[]> {
  return words(["person", staffId, recipient, signPub]);
}

/** The words of a school's names key and of the root of its trust, together. */
export function schoolWords(school: string, recipient: string, root: string): Promise<string[]> {
  return words(["school", school, recipient, root]);
}

async function words(lines: string[]): Promise<string[]> {
  return wordsOf(await sha256(utf8(["preau/fingerprint/v1", ...lines].join("\n"))), FINGERPRINT_WORDS);
}
