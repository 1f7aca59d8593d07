import { fold, tidy } from "./fold";

/** Which of the two names comes first in a full name. */
export type Order = "lastFirst" | "firstLast";

export interface SplitName {
  last: string;
  first: string;
  /** False when nothing in the writing (capitals, comma) told which is which. */
  sure: boolean;
}

const PARTICLES = new Set("d de da das del della der des di do dos du el al ben bin ibn la le les mc mac o san santa st ste saint sainte van von den ter ten y zu".split(" "));

const hasLetters = (word: string) => /\p{L}/u.test(word);
const isCapitals = (word: string) => {
  const letters = word.replace(/[^\p{L}]/gu, "");
  return letters.length > 1 && letters === letters.toUpperCase() && letters !== letters.toLowerCase();
};

/**
 * Parts a full name. «NOM Prénom» and «Prénom NOM» are told by their capitals,
 * «Nom, Prénom» by its comma; otherwise the order asked for is followed, the
 * first name being one word.
 */
export function splitName(text: string, order: Order): SplitName {
  const name = tidy(text);
  const comma = name.indexOf(",");
  if (comma > 0 && comma < name.length - 1) {
    return { last: name.slice(0, comma).trim(), first: name.slice(comma + 1).trim(), sure: true };
  }
  const words = name.replace(/,/g, " ").split(" ").filter(Boolean);
  if (words.length < 2) return { last: words[0] ?? "", first: "", sure: false };
  const capitals = words.map(isCapitals);
  if (capitals.some(Boolean) && !capitals.filter((_, i) => hasLetters(words[i]!)).every(Boolean)) {
    const from = capitals.indexOf(true);
    const to = capitals.lastIndexOf(true);
    // One run of capitals at an end, with the particles that lead it («de LA TOUR»), is the last name.
    if (capitals.slice(from, to + 1).every((c, i) => c || PARTICLES.has(fold(words[from + i]!)))) {
      let start = from;
      while (start > 0 && PARTICLES.has(fold(words[start - 1]!)) && words[start - 1] === words[start - 1]!.toLowerCase()) start--;
      if (start === 0 && to < words.length - 1) return { last: words.slice(0, to + 1).join(" "), first: words.slice(to + 1).join(" "), sure: true };
      if (to === words.length - 1 && start > 0) return { last: words.slice(start).join(" "), first: words.slice(0, start).join(" "), sure: true };
    }
  }
  return order === "lastFirst"
    ? { last: words.slice(0, -1).join(" "), first: words[words.length - 1]!, sure: false }
    : { last: words.slice(1).join(" "), first: words[0]!, sure: false };
}

/** Exchanges last and first name. */
export function flip(name: { last: string; first: string }): { last: string; first: string } {
  return { last: name.first, first: name.last };
}
