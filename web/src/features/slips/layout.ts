/** Slips on a page: two columns of four on A4. */
export const PER_PAGE = 8;

/** A slip to print. */
export interface Slip {
  seatId: string;
  number: number;
  pseudonym: string;
  picture: string;
  /** On the strip to tear off; null prints no strip. */
  name: { last: string; first: string } | null;
  /** The link that the QR code holds. */
  link: string;
  /** The typed code, as shown: KRM4-7D2F9. */
  code: string;
}

/** Cuts slips into pages, the last one as short as needed. */
export function pagesOf<T>(slips: readonly T[], perPage = PER_PAGE): T[][] {
  const pages: T[][] = [];
  for (let at = 0; at < slips.length; at += perPage) pages.push(slips.slice(at, at + perPage));
  return pages;
}

/** Puts slips in the order of a class list: by name in French order, else by number. */
export function inListOrder<T extends { name: { last: string; first: string } | null; number: number }>(slips: readonly T[]): T[] {
  const collator = new Intl.Collator("fr", { sensitivity: "base", ignorePunctuation: true });
  return [...slips].sort((a, b) => {
    if (!a.name || !b.name) return a.name ? -1 : b.name ? 1 : a.number - b.number;
    return collator.compare(a.name.last, b.name.last) || collator.compare(a.name.first, b.name.first) || a.number - b.number;
  });
}
