/** Finding a person by name, whatever the accents, the case and the order of the names. */

export function searchable(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("œ", "oe")
    .replaceAll("æ", "ae")
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("ł", "l")
    .replaceAll("đ", "d")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Whether each wanted word begins a word of the text. Both are `searchable`. */
export function matches(text: string, wanted: readonly string[]): boolean {
  const padded = ` ${text}`;
  return wanted.every((word) => padded.includes(` ${word}`));
}

/** A name as lists write it, and sort it: "Abadie Amina". */
export function listName({ last, first }: { last: string; first: string }): string {
  return `${last} ${first}`;
}
