import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import type { TurnOnDevice } from "@/storage";
import type { TurnTaken, TurnView } from "./api";
import type { Values } from "./render/tree";
import { shownIn, TurnBook } from "./turns";

const at = (turn: number, done = false): TurnView => ({ key: "q1", turn, done, public: { body: [{ tag: "choiceInteraction", attrs: { response: "r1", ...(turn > 0 ? { value: "c2" } : {}) } }] } });
const taken = (turn: number, done = false): TurnTaken => ({ item: "q1", turn, late: false, status: "running", view: at(turn, done) });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function shelf() {
  const store = { value: {} as Record<string, TurnOnDevice> };
  return { store, keep: async (turns: Record<string, TurnOnDevice>) => void (store.value = JSON.parse(JSON.stringify(turns))) };
}

test("a turn is kept before it leaves, and what it left is the next state", async () => {
  const { store, keep } = shelf();
  const sent: [number, Values][] = [];
  const book = new TurnBook({}, async (_, turn, data) => {
    expect(store.value.q1?.leaving, "kept before it leaves").toEqual(data);
    sent.push([turn, data]);
    return taken(turn, turn === 2);
  }, keep);
  book.learn({ q1: at(0) });
  book.draft("q1", { r1: ["c1"] });
  book.take("q1");
  book.take("q1"); // pressed twice
  book.draft("q1", { r1: ["c9"] }); // too late
  await vi.advanceTimersByTimeAsync(10);
  expect(book.view().of.q1).toEqual({ view: at(1), draft: { r1: "c2" }, leaving: null });
  book.take("q1", { r2: "true" });
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toEqual([[1, { r1: ["c1"] }], [2, { r1: "c2", r2: "true" }]]);
  book.take("q1"); // it is over
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toHaveLength(2);
});

test("out of reach, through a reload, a turn is sent again under its number", async () => {
  const { store, keep } = shelf();
  let reachable = false;
  const numbers: number[] = [];
  const send = async (_: string, turn: number) => {
    numbers.push(turn);
    if (!reachable) throw new Problem("offline", {});
    return taken(turn);
  };
  const book = new TurnBook({}, send, keep);
  book.learn({ q1: at(0) });
  book.take("q1");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(book.view().waiting).toBe(1);
  expect(book.view().failingSince).not.toBeNull();
  book.close();
  const tries = numbers.length;
  reachable = true;
  const again = new TurnBook(store.value, send, keep);
  await vi.advanceTimersByTimeAsync(10);
  expect(numbers).toHaveLength(tries + 1);
  expect(new Set(numbers)).toEqual(new Set([1]));
  expect(again.view().of.q1?.view.turn).toBe(1);
  expect(again.view().failingSince).toBeNull();
});

test("a turn whose acknowledgement was lost is not made twice", async () => {
  const { store, keep } = shelf();
  const numbers: number[] = [];
  const book = new TurnBook({}, async (_, turn) => {
    numbers.push(turn);
    throw new Problem("timeout", {});
  }, keep);
  book.learn({ q1: at(0) });
  book.take("q1");
  await vi.advanceTimersByTimeAsync(500);
  book.learn({ q1: at(1) }); // the stage is fetched again: the server had it
  await vi.advanceTimersByTimeAsync(60_000);
  expect(numbers).toEqual([1]);
  expect(store.value.q1).toEqual({ view: at(1), draft: { r1: "c2" }, leaving: null });
});

test("what was prepared stays when the server says the same state; a refusal gives the hand back", async () => {
  const { keep } = shelf();
  let stale = 0;
  const book = new TurnBook({}, async () => {
    throw new Problem("conflict", { status: 409 });
  }, keep);
  book.onStale = () => stale++;
  book.learn({ q1: at(0) });
  book.draft("q1", { r1: ["c3"] });
  book.learn({ q1: at(0) });
  expect(book.view().of.q1?.draft).toEqual({ r1: ["c3"] });
  book.take("q1", { r2: "true" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(book.view().refusals.q1).toBeInstanceOf(Problem);
  expect(book.view().of.q1).toEqual({ view: at(0), draft: { r1: ["c3"] }, leaving: null });
  expect(stale).toBe(1);
});

test("what a view shows as answered is where the next turn begins", () => {
  expect(
    shownIn([
      { tag: "p", children: [{ tag: "textEntryInteraction", attrs: { response: "r1", value: "[16]" } }] },
      { tag: "choiceInteraction", attrs: { response: "r2", value: '["c1","c2"]' } },
      { tag: "endAttemptInteraction", attrs: { response: "r3", value: "false" } },
      { tag: "orderInteraction", attrs: { response: "r4" } },
    ]),
  ).toEqual({ r1: "[16]", r2: ["c1", "c2"] });
});
