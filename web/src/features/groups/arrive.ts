import { importApi, knownSeat } from "@/features/import/api";
import { readLevel } from "@/features/import/levels";
import { type Job, runImport } from "@/features/import/run";
import { namedSeats, nextNumber, type SchoolNow } from "@/features/import/school";
import type { Names } from "@/features/names/useNames";
import { PseudonymDrawer } from "@/features/pseudonyms/draw";
import { secureBelow } from "@/features/pseudonyms/random";
import type { Group } from "./api";

/** A pupil who arrives during the year. */
export type Newcomer = { last: string; first: string; level: string };

/**
 * Prepares the arrival: a pseudonym that nobody has, the next number. Kept by
 * the caller, so that another try after a lost answer is the same arrival.
 */
export async function prepareArrival(school: string, group: Group, pupil: Newcomer): Promise<Job> {
  const [here, gone] = await Promise.all([importApi.seats(school, group.yearId, false), importApi.seats(school, group.yearId, true)]);
  const now: SchoolNow = { yearId: group.yearId, groups: [], seats: [...here, ...gone].map((row) => knownSeat(row, null)) };
  const pseudonym = new PseudonymDrawer(secureBelow, namedSeats(now)).draw([group.id]);
  const level = readLevel(pupil.level || group.level || "");
  return {
    schoolId: school,
    importId: crypto.randomUUID(),
    yearId: group.yearId,
    plan: {
      groups: [{ ref: group.id, known: true, name: group.name, kind: group.kind, level: group.level ?? null, pupils: 1 }],
      refs: new Map([[group.id, group.id]]),
    },
    arrivals: [{ pupil: { line: 1, last: pupil.last, first: pupil.first, level, groups: [group.id] }, pseudonym }],
    firstNumber: nextNumber(now),
    present: [],
    leaving: [],
  };
}

/** Makes the seat: its secret and its name sealed here, then sent. */
export async function arrive(job: Job, names: Names): Promise<void> {
  const keyId = names.view.server?.key?.id;
  if (!keyId) throw new Error("names are not open");
  await runImport(
    job,
    importApi,
    { keyId, seal: (drafts, onProgress, signal) => names.seal(drafts, onProgress, signal), learn: (drafts) => names.learn(drafts) },
    { onPhase: () => {}, signal: AbortSignal.timeout(60_000), below: secureBelow },
  );
}
