import { Abandoned, Problem } from "@/api/problem";
import { type Challenge, type Entered, enterByCode, type Proof } from "./api";

/** What the worker says: how many puzzles are done, then the answers. */
export type WorkNews = { done: number } | { answers: number[] };

/** How the work before a try goes: the share done from 0 to 1, or the moments before the door hears this device again. */
export type Work = { share: number } | "queue";
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

/** Waits, unless the pupil gives up. */
function pause(seconds: number, signal: AbortSignal): Promise<void> {
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

/** Tries a code, doing the work and the waiting that the server asks for first. */
export async function tryCode(code: string, own: boolean, onWork: OnWork, signal: AbortSignal): Promise<Entered> {
  let proof: Proof | undefined;
  for (let round = 1; ; round++) {
    try {
      return await enterByCode({ code, own, proof }, signal);
    } catch (error) {
      if (signal.aborted) throw new Abandoned();
      const challenge = error instanceof Problem ? (error.challenge as Challenge | undefined) : undefined;
      if (!challenge || round === ROUNDS) throw error;
      const wait = error instanceof Problem ? error.retryAfter : 0;
      onWork(wait > 0 ? "queue" : { share: 0 });
      const listen: OnWork = wait > 0 ? () => undefined : onWork;
      [proof] = await Promise.all([solve(challenge, listen, signal), pause(wait, signal)]);
    }
  }
}
