/** First names of a group, sealed to each present pupil whose slip vouches for their browser. */
import type { Schema } from "@/api/client";
import type { FirstNamesBox } from "./api";
import { type Bytes, toBase64Url } from "./bytes";
import { sealFirstNames, verifyRecipient } from "./pupilKey";
import type { SeatName } from "./record";
import { seatKeys } from "./seatSecret";

export type PresentSession = Schema<"PresentSession">;

/** What sharing needs of the names that are open. */
export interface OpenNames {
  name(seatId: string): SeatName | null;
  secret(seatId: string): Bytes | null;
}

/** Whether the browser of a session holds the slip of its seat. A typed code never does. */
export async function isVerified(session: PresentSession, names: OpenNames): Promise<boolean> {
  const secret = names.secret(session.seatId);
  if (!secret || !session.recipient || !session.mac) return false;
  return verifyRecipient((await seatKeys(secret)).bind, session.recipient, session.mac);
}

/** One box for each verified session; the others get none. */
export async function firstNameBoxes(group: string, seats: readonly { id: string }[], sessions: readonly PresentSession[], names: OpenNames): Promise<FirstNamesBox[]> {
  const list: Record<string, string> = {};
  for (const { id } of seats) {
    const first = names.name(id)?.first;
    if (first) list[id] = first;
  }
  const boxes: FirstNamesBox[] = [];
  for (const session of sessions) {
    if (!session.recipient || !(await isVerified(session, names))) continue;
    boxes.push({ sessionId: session.sessionId, sealed: toBase64Url(await sealFirstNames(session.recipient, group, list)) });
  }
  return boxes;
}
