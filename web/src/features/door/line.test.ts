import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Abandoned, Problem } from "@/api/problem";
import { inLine, type Place } from "./line";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const told = (place: number, ticket: string, retryAfter = 3) => new Problem("limited", { status: 429, retryAfter, extra: { place, ticket } });

test("somebody who is told a place comes again with its ticket, and says each place", async () => {
  const tickets: (string | undefined)[] = [];
  const answers = [told(120, "a", 12), told(40, "a", 4), null];
  const places: Place[] = [];
  const entering = inLine(
    async (ticket) => {
      tickets.push(ticket);
      const refusal = answers.shift();
      if (refusal) throw refusal;
      return "in";
    },
    (place) => places.push(place),
    new AbortController().signal,
  );
  await vi.advanceTimersByTimeAsync(11_000);
  expect(tickets).toEqual([undefined]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(tickets).toEqual([undefined, "a"]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await entering).toBe("in");
  expect(tickets).toEqual([undefined, "a", "a"]);
  expect(places).toEqual([{ place: 120, seconds: 12 }, { place: 40, seconds: 4 }]);
});

test("another refusal is not waited for", async () => {
  const refusal = new Problem("limited", { status: 429, retryAfter: 30 });
  await expect(inLine(() => Promise.reject(refusal), () => undefined, new AbortController().signal)).rejects.toBe(refusal);
});

test("whoever gives up waits no longer", async () => {
  const stop = new AbortController();
  const entering = inLine(() => Promise.reject(told(9, "a")), () => undefined, stop.signal);
  const gone = expect(entering).rejects.toBeInstanceOf(Abandoned);
  await vi.advanceTimersByTimeAsync(10);
  stop.abort();
  await gone;
});

test("a line that never ends has an end", async () => {
  const entering = inLine(() => Promise.reject(told(9, "a", 30)), () => undefined, new AbortController().signal);
  const refused = expect(entering).rejects.toBeInstanceOf(Problem);
  await vi.advanceTimersByTimeAsync(20 * 60_000);
  await refused;
});
