import { Problem } from "@/api/problem";
import { type Challenge, type Entered, enterByCode, type Proof } from "./api";

/** What the worker says: how many puzzles are done, then the answers. */
export type WorkNews = { done: number } | { answers: number[] };

/** Solves a challenge away from the page's own thread. `onStep` hears the share done, from 0 to 1. */
export function solve(challenge: Challenge, onStep: (share: number) => void): Promise<Proof> {
  const worker = new Worker(new URL("./work.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Proof>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<WorkNews>) => {
      if ("done" in data) onStep(data.done / challenge.puzzles);
      else resolve({ token: challenge.token, answers: data.answers });
    };
    worker.onerror = () => reject(new Error("the worker stopped"));
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}

/** Tries a code, doing the work that the server asks for first; three rounds at most. */
export async function tryCode(code: string, own: boolean, onStep: (share: number) => void): Promise<Entered> {
  let proof: Proof | undefined;
  for (let round = 0; ; round++) {
    try {
      return await enterByCode({ code, own, proof });
    } catch (error) {
      const challenge = error instanceof Problem ? (error.challenge as Challenge | undefined) : undefined;
      if (!challenge || round === 3) throw error;
      proof = await solve(challenge, onStep);
    }
  }
}
