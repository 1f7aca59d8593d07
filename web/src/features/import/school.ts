import type { Named } from "../pseudonyms/draw";

/** What the school already has for the year, as the server and the open names give it. */
export interface SchoolNow {
  yearId: string;
  groups: KnownGroup[];
  /** Every seat of the year, those who left included. */
  seats: KnownSeat[];
}

export interface KnownGroup {
  id: string;
  name: string;
  kind: "class" | "group";
  level: string;
}

export interface KnownSeat {
  id: string;
  number: number;
  pseudonym: string;
  picture: string;
  level: string;
  /** Ids of groups. */
  groups: string[];
  left: boolean;
  /** Null when the name was never written, or may not be read. */
  name: { last: string; first: string } | null;
}

/** The pseudonyms and pictures in use, to draw others. */
export function namedSeats(now: SchoolNow): Named[] {
  return now.seats.map((s) => ({ pseudonym: s.pseudonym, picture: s.picture, groups: s.left ? [] : s.groups }));
}

/** Numbers are never given again, even those of seats that left. */
export function nextNumber(now: SchoolNow): number {
  return now.seats.reduce((most, s) => Math.max(most, s.number), 0) + 1;
}
