/**
 * The French list of BIP-39: 2,048 words, told apart by their first four
 * letters once accents are folded.
 */
import { wordlist } from "@scure/bip39/wordlists/french.js";

/** How many letters say which word it is. */
const TELLING = 4;

export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

const byStart = new Map(wordlist.map((word, index) => [fold(word).slice(0, TELLING), index]));

/** The word of an index in 0…2047, composed (NFC), for the screen. */
export function wordAt(index: number): string {
  return wordlist[index]!.normalize("NFC");
}

/** The index of the word that the text begins like, or null. */
export function indexOfWord(text: string): number | null {
  return byStart.get(fold(text).slice(0, TELLING)) ?? null;
}

/** Cuts the first `count` × 11 bits of the data, big endian, into words. */
export function wordsOf(data: Uint8Array, count: number): string[] {
  const words: string[] = [];
  for (let w = 0; w < count; w++) {
    let index = 0;
    for (let bit = w * 11; bit < (w + 1) * 11; bit++) index = (index << 1) | ((data[bit >> 3]! >> (7 - (bit & 7))) & 1);
    words.push(wordAt(index));
  }
  return words;
}
