/** First names of a group, sealed to each present pupil whose slip vouches for their browser. */
import type { Schema } from "@/api/client";
import type { FirstNamesBox } from "./api";
import { type Bytes, toBase64Url } from "./bytes";
import { sealFirstNames, verifyRecipient, vouchKey } from "./pupilKey";
import type { SeatName } from "./record";
import { seatKeys } from "./seatSecret";

export type PresentSession = Schema<"PresentSession">;

/** What sharing needs of the names that are open. */
export interface OpenNames {
  name(seatId: string): SeatName | null;
  secret(seatId: string): Bytes | null;
}

/** The bind secret that vouches for the browser of a session; null when nothing does, as after a typed code. */
async function verifiedBy(session: PresentSession, names: OpenNames): Promise<Bytes | null> {
  const secret = names.secret(session.seatId);
  if (!secret || !session.recipient || !session.mac) return null;
  const { bind } = await seatKeys(secret);
  return (await verifyRecipient(bind, session.recipient, session.mac)) ? bind : null;
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
    const bind = await verifiedBy(session, names);
    if (!bind || !session.recipient) continue;
    boxes.push({ sessionId: session.sessionId, sealed: toBase64Url(await sealFirstNames(await vouchKey(bind), session.recipient, group, list)) });
  }
  return boxes;
}
