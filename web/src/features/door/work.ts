import { Abandoned, Problem } from "@/api/problem";
import { type Challenge, type Entered, enterByCode, type Proof } from "./api";
import { inLine, pause, type Place } from "./line";

/** What the worker says: how many puzzles are done, then the answers. */
export type WorkNews = { done: number } | { answers: number[] };

/** How a try goes: the share of the work done, from 0 to 1, the wait until staff answer, or a place in the line. */
export type Work = { share: number } | "staff" | Place;
export type OnWork = (work: Work) => void;

/** Tries before giving up. Each costs at least the work or the wait that the server asks. */
const ROUNDS = 20;

/** Solves a challenge away from the page's own thread. */
export function solve(challenge: Challenge, onWork: OnWork, signal: AbortSignal): Promise<Proof> {
  const worker = new Worker(new URL("./work.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Proof>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<WorkNews>) => {
      if ("done" in data) onWork({ share: data.done / challenge.puzzles });
      else resolve({ token: challenge.token, answers: data.answers });
    };
    worker.onerror = () => reject(new Error("the worker stopped"));
    signal.addEventListener("abort", () => reject(new Abandoned()), { once: true });
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}

/** Tries a code: does the work that the server asks for first and, where only staff answer any more, waits for them. */
export async function tryCode(code: string, own: boolean, onWork: OnWork, signal: AbortSignal): Promise<Entered> {
  let proof: Proof | undefined;
  let asked: string | undefined;
  for (let round = 1; ; ) {
    try {
      return await inLine((ticket) => enterByCode({ code, own, proof, asked }, signal, ticket), onWork, signal);
    } catch (error) {
      if (signal.aborted || error instanceof Abandoned) throw new Abandoned();
      if (!(error instanceof Problem) || round === ROUNDS) throw error;
      const challenge = error.challenge as Challenge | undefined;
      if (challenge) {
        round++;
        if (asked === undefined) onWork({ share: 0 });
        // Who waits for staff is not shown the work that renews the wait.
        proof = await solve(challenge, asked === undefined ? onWork : () => undefined, signal);
      } else if (typeof error.extra.asked === "string") {
        onWork("staff");
        asked = error.extra.asked;
        proof = undefined;
        await pause(error.retryAfter, signal);
      } else {
        throw error;
      }
    }
  }
}
