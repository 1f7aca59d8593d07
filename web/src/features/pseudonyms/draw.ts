import type { Below } from "./random";
import { ADJECTIVES, NOUNS, type Adjective, type Noun } from "./words";

/** What a pupil is called, and the picture for those who don't read yet. */
export interface Pseudonym {
  text: string;
  picture: string;
}

/** A seat that already has its pseudonym, and the groups it belongs to. */
export interface Named {
  pseudonym: string;
  picture: string;
  groups: readonly string[];
}

/** The longest pseudonym that the server takes, in characters. */
export const MAX_PSEUDONYM = 40;

/** Every pairing of the vocabulary is taken, even those with two adjectives. */
export class PseudonymsExhausted extends Error {
  constructor() {
    super("no pseudonym is left");
    this.name = "PseudonymsExhausted";
  }
}

/** The pseudonym made of a noun and one or two adjectives, agreed. */
export function agree(noun: Noun, ...adjectives: Adjective[]): string {
  return `${noun.noun} ${adjectives.map((a) => a[noun.gender]).join(" et ")}`;
}

/** Folds case, accents and spaces, so that two pseudonyms that sound alike are one. */
export function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

/**
 * Draws pseudonyms that are unique in a school. Within a group the pictures
 * differ for as long as there are pictures; beyond, the least used come first.
 * A pupil's own data (name, sex) is never an argument here.
 */
export class PseudonymDrawer {
  private readonly taken = new Set<string>();
  /** How many times each noun (by picture) is used, by group. */
  private readonly used = new Map<string, Map<string, number>>();

  constructor(
    private readonly below: Below,
    existing: readonly Named[] = [],
    private readonly nouns: readonly Noun[] = NOUNS,
    private readonly adjectives: readonly Adjective[] = ADJECTIVES,
  ) {
    for (const seat of existing) this.keep(seat);
  }

  /** Counts a pseudonym as taken, and its picture as used in those groups. */
  keep(seat: Named): void {
    this.taken.add(fold(seat.pseudonym));
    this.count(seat.picture, seat.groups, 1);
  }

  /** Gives a pseudonym back, for another seat. */
  release(seat: Named): void {
    this.taken.delete(fold(seat.pseudonym));
    this.count(seat.picture, seat.groups, -1);
  }

  /** Draws the pseudonym of a seat of those groups, and keeps it. Throws PseudonymsExhausted. */
  draw(groups: readonly string[]): Pseudonym {
    const noun = this.pickNoun(groups);
    const text = this.pickText(noun);
    if (text === null) throw new PseudonymsExhausted();
    const drawn = { text, picture: noun.picture };
    this.keep({ pseudonym: text, picture: noun.picture, groups });
    return drawn;
  }

  /** Draws another pseudonym for a seat; the one it had becomes free again. */
  redraw(seat: Named): Pseudonym {
    this.count(seat.picture, seat.groups, -1);
    // The old text stays taken during the draw, so that it cannot come again.
    const drawn = this.draw(seat.groups);
    this.taken.delete(fold(seat.pseudonym));
    return drawn;
  }

  private count(picture: string, groups: readonly string[], by: number): void {
    for (const group of groups) {
      let pictures = this.used.get(group);
      if (!pictures) this.used.set(group, (pictures = new Map()));
      pictures.set(picture, Math.max(0, (pictures.get(picture) ?? 0) + by));
    }
  }

  /** A noun that still has a free pairing, among those least seen in these groups. */
  private pickNoun(groups: readonly string[]): Noun {
    const byUse = new Map<number, Noun[]>();
    for (const noun of this.nouns) {
      const uses = groups.reduce((most, g) => Math.max(most, this.used.get(g)?.get(noun.picture) ?? 0), 0);
      const same = byUse.get(uses);
      if (same) same.push(noun);
      else byUse.set(uses, [noun]);
    }
    const uses = [...byUse.keys()].sort((a, b) => a - b);
    // One adjective first; nouns with two only when no noun has a pairing left.
    for (const free of [this.hasOne, this.hasTwo]) {
      for (const use of uses) {
        const candidates = byUse.get(use)!;
        const start = this.below(candidates.length);
        for (let i = 0; i < candidates.length; i++) {
          const noun = candidates[(start + i) % candidates.length]!;
          if (free.call(this, noun)) return noun;
        }
      }
    }
    throw new PseudonymsExhausted();
  }

  private isFree(text: string): boolean {
    return text.length <= MAX_PSEUDONYM && !this.taken.has(fold(text));
  }

  private hasOne(noun: Noun): boolean {
    return this.adjectives.some((a) => this.isFree(agree(noun, a)));
  }

  private hasTwo(noun: Noun): boolean {
    return this.adjectives.some((a) => this.adjectives.some((b) => a !== b && this.isFree(agree(noun, a, b))));
  }

  private pickText(noun: Noun): string | null {
    const n = this.adjectives.length;
    const first = this.below(n);
    for (let i = 0; i < n; i++) {
      const text = agree(noun, this.adjectives[(first + i) % n]!);
      if (this.isFree(text)) return text;
    }
    for (let i = 0; i < n; i++) {
      const second = this.below(n);
      for (let j = 0; j < n; j++) {
        const a = this.adjectives[(first + i) % n]!;
        const b = this.adjectives[(second + j) % n]!;
        if (a === b) continue;
        const text = agree(noun, a, b);
        if (this.isFree(text)) return text;
      }
    }
    return null;
  }
}
