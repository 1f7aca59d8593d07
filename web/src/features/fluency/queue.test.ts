import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import { AnswerQueue } from "@/features/sitting/queue";
import type { SittingOnDevice } from "@/storage";
import { fromValues, type ReadingState, sendReadings, toValues } from "./queue";

const state = (wrong: number[], last = 0, seconds = 0): ReadingState => ({ wrong, last, seconds, done: last > 0, void: false });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a reading is the same once it has been kept", () => {
  for (const one of [state([]), state([3, 17], 80, 60), { ...state([1]), void: true }]) expect(fromValues(toValues(one))).toEqual(one);
});

test("taps without network are kept, and the whole reading arrives when it is back", async () => {
  let kept: SittingOnDevice | null = null;
  let reachable = false;
  const arrived: { path: string; n: number; data: ReadingState }[] = [];
  const queue = new AnswerQueue(
    { seat: "staff", campaign: "", sequence: 0, token: "", n: 0, unsent: [], answers: {}, marked: [] },
    (_, batch) =>
      sendReadings(batch, async (path, saves) => {
        if (!reachable) throw new Problem("offline", {});
        arrived.push(...saves.map((s) => ({ path, ...s })));
        return { acked: saves.map((s) => s.n) };
      }),
    { read: async () => kept, write: async (v) => void (kept = v) },
  );
  for (const wrong of [[], [3], [3, 9]]) {
    queue.put("a", toValues(state(wrong)));
    await vi.advanceTimersByTimeAsync(2_000);
  }
  queue.put("a", toValues(state([3, 9], 40, 60)));
  queue.put("b", toValues(state([1])));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(queue.view().failingSince).not.toBeNull();
  expect(arrived).toEqual([]);
  expect(kept!.unsent.map((a: SittingOnDevice["unsent"][number]) => a.item)).toContain("b");
  reachable = true;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(queue.view().waiting).toBe(0);
  expect(arrived.findLast((s) => s.path === "a")?.data).toEqual(state([3, 9], 40, 60));
  expect(arrived.filter((s) => s.path === "b")).toHaveLength(1);
  await queue.close();
});

test("a reading that is refused does not hold another back", async () => {
  const batch = [{ n: 1, item: "bad", data: toValues(state([])) }, { n: 2, item: "good", data: toValues(state([])) }];
  const send = async (path: string, saves: { n: number }[]) => {
    if (path === "bad") throw new Problem("not_found", {});
    return { acked: saves.map((s) => s.n) };
  };
  expect((await sendReadings(batch, send)).acked).toEqual([2]);
  await expect(sendReadings(batch.slice(0, 1), send)).rejects.toBeInstanceOf(Problem);
});
