/** The six words that protect a person's key: 66 random bits, behind scrypt. */
import { randomBytes } from "./bytes";
import { fold, indexOfWord, wordAt, wordsOf } from "./words";

export const PHRASE_WORDS = 6;

export type ReadPhrase =
  | { ok: true; words: string[]; phrase: string }
  | { ok: false; why: "count"; count: number }
  | { ok: false; why: "word"; position: number };

export function makePhrase(): string[] {
  return wordsOf(randomBytes(9), PHRASE_WORDS);
}

/**
 * Six words without accents, for a file that the `age` command opens: terminals
 * compose accents, the phrase does not. 64 bits.
 */
export function makePlainPhrase(): string[] {
  const words: string[] = [];
  while (words.length < PHRASE_WORDS) words.push(...wordsOf(randomBytes(2), 1).filter((word) => word === fold(word)));
  return words;
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
