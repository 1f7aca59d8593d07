import type { Schema } from "@/api/client";

export type Seat = Schema<"Seat">;

/** Folds accents and case, so that "eleve" finds "Élève". */
export function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase("fr").trim();
}

/** How many seats a search shows. */
export const SHOWN = 20;

/**
 * The seats that answer a search: by number when it is one, else by pseudonym,
 * and by name among `named`, the seats that the browser found by name.
 */
export function findSeats(seats: readonly Seat[], text: string, named: ReadonlySet<string>): Seat[] {
  const wanted = folded(text);
  if (wanted === "") return [];
  if (/^\d+$/.test(wanted)) return seats.filter((seat) => seat.number === Number(wanted));
  return seats.filter((seat) => named.has(seat.id) || folded(seat.pseudonym).includes(wanted));
}

/** Whether what was typed confirms: digits alone, or an address whatever its case. */
export function confirms(typed: string, wanted: string): boolean {
  return folded(typed) === folded(wanted);
}
