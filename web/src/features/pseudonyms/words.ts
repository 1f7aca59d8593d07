import adjectives from "./adjectives.json";
import nouns from "./nouns.json";

/** A thing, plant or animal that a pupil can be called after. */
export interface Noun {
  noun: string;
  gender: "m" | "f";
  /** Name of its picture, unique among nouns: pictures/{picture}.svg. */
  picture: string;
}

/** An adjective in both agreements. */
export interface Adjective {
  m: string;
  f: string;
}

// Every word was chosen so that no pairing can be turned against a child:
// nothing on body, skin, religion, intelligence, speed or size, no first name,
// no word with a second, coarse meaning, no colour.
export const NOUNS = nouns as readonly Noun[];
export const ADJECTIVES = adjectives as readonly Adjective[];

const nounOf = new Map(NOUNS.map((n) => [n.picture, n.noun]));

/** The French word of a picture, or "" when the picture is not one of ours. */
export function pictureWord(picture: string): string {
  return nounOf.get(picture) ?? "";
}
