import { createContext, useContext } from "react";
import type { Known } from "../live/fold";
import type { Link, Live } from "../live/live";
import type { Person, Right } from "../live/protocol";
import type { Media } from "../media/view";

/** What every part of the room needs. */
export interface Room {
  live: Live;
  link: Link;
  known: Known;
  me: Person;
  media: Media;
  /** The lesson's zone, for hours; the browser's own when absent. */
  zone?: string;
  /** Texts have two forms: for pupils, whom they call « tu », the keys that end so. */
  tu: "" | "_tu";
  /** Has the commands of staff over the whole lesson. */
  leads: boolean;
  /** May act on this person: whoever leads, and an assistant for their seats. */
  helps(who: string): boolean;
  can(right: Right): boolean;
  /** As this viewer knows them: a name joined in this browser, a pseudonym, or what a guest wrote. */
  nameOf(who: string): string;
  /** Whether somebody was checked: by this browser where it can, else as the server says. */
  isVerified(person: Person): boolean;
  /** Does a command; a refusal is shown in the room. */
  act(command: string, members?: Record<string, unknown>): Promise<boolean>;
}

export const RoomContext = createContext<Room | null>(null);

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("useRoom is for parts of the lesson's room");
  return room;
}

/** People who are in, staff first, then by name. */
export function present(room: Pick<Room, "known" | "nameOf">): Person[] {
  const order = (p: Person) => (p.kind === "staff" ? 0 : p.kind === "seat" ? 1 : 2);
  return room.known.people
    .filter((p) => p.here)
    .sort((a, b) => order(a) - order(b) || room.nameOf(a.id).localeCompare(room.nameOf(b.id), "fr"));
}
