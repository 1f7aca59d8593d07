/** The six words that protect a person's key: 66 random bits, behind scrypt. */
import { randomBytes } from "./bytes";
import { indexOfWord, wordAt, wordsOf } from "./words";

export const PHRASE_WORDS = 6;

export type ReadPhrase =
  | { ok: true; words: string[]; phrase: string }
  | { ok: false; why: "count"; count: number }
  | { ok: false; why: "word"; position: number };

export function makePhrase(): string[] {
  return wordsOf(randomBytes(9), PHRASE_WORDS);
}

/** What goes into scrypt: lower case, NFKD, single spaces. */
export function phraseOf(words: readonly string[]): string {
  return words.join(" ").toLowerCase().normalize("NFKD");
}

/**
 * Reads a phrase as people write it: any case, with or without accents,
 * dashes, commas or numbers between the words, four letters of each being
 * enough. `position` counts from 1.
 */
export function readPhrase(text: string): ReadPhrase {
  const given = text.normalize("NFC").split(/[^\p{L}\p{M}]+/u).filter((word) => word !== "");
  if (given.length !== PHRASE_WORDS) return { ok: false, why: "count", count: given.length };
  const words: string[] = [];
  for (const [i, word] of given.entries()) {
    const index = indexOfWord(word);
    if (index === null) return { ok: false, why: "word", position: i + 1 };
    words.push(wordAt(index));
  }
  return { ok: true, words, phrase: phraseOf(words) };
}
