import { Abandoned, Problem } from "@/api/problem";

/** Where one stands in the line of those who come in at the same time. */
export interface Place {
  place: number;
  /** Until one may ask again. */
  seconds: number;
}

/** Pupils who were told the same moment do not all come back in the same instant. */
const SPREAD_S = 1;
/** However long the line, a wait has an end. */
const LONGEST_MS = 15 * 60_000;

/** Waits, unless the pupil gives up. */
export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(new Abandoned());
      },
      { once: true },
    );
  });
}

/** Asks and, told to come later, comes with the ticket of its place when it was told to. */
export async function inLine<T>(ask: (ticket: string | undefined) => Promise<T>, onPlace: (place: Place) => void, signal: AbortSignal): Promise<T> {
  const end = Date.now() + LONGEST_MS;
  for (let ticket: string | undefined; ; ) {
    try {
      return await ask(ticket);
    } catch (error) {
      if (signal.aborted) throw new Abandoned();
      if (!(error instanceof Problem) || error.kind !== "limited" || typeof error.extra.ticket !== "string" || Date.now() > end) throw error;
      ticket = error.extra.ticket;
      onPlace({ place: Number(error.extra.place), seconds: error.retryAfter });
      await pause(error.retryAfter + Math.random() * SPREAD_S, signal);
    }
  }
}
