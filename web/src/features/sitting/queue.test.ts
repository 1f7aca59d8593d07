import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import type { SittingOnDevice } from "@/storage";
import type { Acknowledged } from "./api";
import { AnswerQueue } from "./queue";

const empty: SittingOnDevice = { seat: "s", campaign: "c", sequence: 0, token: "t", n: 0, unsent: [], answers: {}, marked: [] };
const acknowledged = (batch: SittingOnDevice["unsent"]): Acknowledged => ({ acked: batch.map((a) => a.n), late: false, status: "running", endsAt: 1, now: 0 });

function kept() {
  const store = { value: null as SittingOnDevice | null, read: async () => store.value, write: async (v: SittingOnDevice | null) => void (store.value = v) };
  return store;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("an answer is kept before it is sent, and forgotten here once acknowledged", async () => {
  const store = kept();
  const sent: SittingOnDevice["unsent"][] = [];
  const queue = new AnswerQueue(empty, async (_, batch) => {
    expect(store.value?.unsent, "kept before it leaves").toEqual(batch);
    sent.push(batch);
    return acknowledged(batch);
  }, store);
  queue.put("q1", { r1: "ch" });
  queue.put("q1", { r1: "chêne" });
  expect(queue.view().waiting).toBe(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent).toEqual([[{ n: 2, item: "q1", data: { r1: "chêne" } }]]);
  expect(queue.view().waiting).toBe(0);
  expect(store.value?.answers).toEqual({ q1: { r1: "chêne" } });
});

test("out of reach, an answer is sent again under its number until it is acknowledged", async () => {
  const store = kept();
  let reachable = false;
  const numbers: number[] = [];
  const queue = new AnswerQueue(empty, async (_, batch) => {
    if (!reachable) throw new Problem("offline", {});
    numbers.push(...batch.map((a) => a.n));
    return acknowledged(batch);
  }, store);
  queue.put("q1", { r1: ["c1"] });
  await vi.advanceTimersByTimeAsync(20 * 60_000);
  expect(queue.view().failingSince).not.toBeNull();
  queue.put("q2", { r1: ["c2"] });
  expect(queue.view().waiting).toBe(2);
  // The page is loaded again: another queue on what was kept.
  await queue.close();
  expect(store.value?.unsent).toHaveLength(2);
  reachable = true;
  const again = new AnswerQueue(store.value!, async (_, batch) => {
    numbers.push(...batch.map((a) => a.n));
    return acknowledged(batch);
  }, store);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(numbers).toEqual([1, 2]);
  expect(again.view().waiting).toBe(0);
  await again.close();
  expect(store.value?.token).toBe("t");
  await again.end();
  expect(store.value).toBeNull();
});

test("what was typed while an answer was on its way is sent after it", async () => {
  const release: (() => void)[] = [];
  const numbers: number[][] = [];
  const queue = new AnswerQueue(empty, async (_, batch) => {
    numbers.push(batch.map((a) => a.n));
    await new Promise<void>((go) => release.push(go));
    return acknowledged(batch);
  }, kept());
  queue.put("q1", { r1: "a" });
  await vi.advanceTimersByTimeAsync(700);
  queue.put("q1", { r1: "ab" });
  expect(queue.view().waiting).toBe(2);
  release[0]?.();
  await vi.advanceTimersByTimeAsync(700);
  release[1]?.();
  await vi.advanceTimersByTimeAsync(10);
  expect(numbers).toEqual([[1], [2]]);
  expect(queue.view().waiting).toBe(0);
});

test("a refusal stops sending, and keeps the answer", async () => {
  const store = kept();
  let tries = 0;
  const queue = new AnswerQueue(empty, async () => {
    tries++;
    throw new Problem("conflict", { status: 409 });
  }, store);
  queue.put("q1", { r1: "a" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(tries).toBe(1);
  expect(queue.view().refusal).toBeInstanceOf(Problem);
  await queue.close();
  expect(store.value?.unsent).toHaveLength(1);
});

test("couples that are half made are not sent", async () => {
  const sent: SittingOnDevice["unsent"] = [];
  const queue = new AnswerQueue(empty, async (_, batch) => {
    sent.push(...batch);
    return acknowledged(batch);
  }, kept());
  queue.put("q1", { r1: ["c1 c2", "c3 -", "- -"] });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent[0]?.data).toEqual({ r1: ["c1 c2"] });
});
