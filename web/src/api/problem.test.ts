import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem, problemFrom, problemOf } from "./problem";
import { offlineSince } from "./reach";
import { call, onSignedOut } from "./wire";

describe("problemFrom", () => {
  it("keeps what the server says", () => {
    const problem = problemFrom(422, {
      kind: "invalid",
      detail: "Certains champs sont à corriger.",
      errors: [{ field: "school.name", detail: "Ce champ est obligatoire." }],
    });
    expect(problem.kind).toBe("invalid");
    expect(problem.fields["school.name"]).toBe("Ce champ est obligatoire.");
    expect(problem.passing).toBe(false);
  });

  it.each([
    [401, "unauthenticated"],
    [403, "forbidden"],
    [404, "not_found"],
    [409, "conflict"],
    [410, "gone"],
    [413, "too_large"],
    [429, "limited"],
    [502, "unreadable"],
  ])("reads the status %i without a document", (status, kind) => {
    expect(problemFrom(status, null).kind).toBe(kind);
  });

  it("does not believe a kind it does not know", () => {
    expect(problemFrom(503, { kind: "offline", detail: "x" }).kind).toBe("unavailable");
  });
});

describe("problemOf", () => {
  it("tells a silent network from a slow one and from a bug", () => {
    expect(problemOf(new TypeError("Failed to fetch")).kind).toBe("offline");
    expect(problemOf(new DOMException("", "TimeoutError")).kind).toBe("timeout");
    expect(problemOf(new RangeError("x")).kind).toBe("unreadable");
    const same = new Problem("gone");
    expect(problemOf(same)).toBe(same);
  });
});

describe("call", () => {
  const answer = vi.fn<typeof fetch>();
  beforeEach(() => {
    vi.stubGlobal("fetch", answer);
    answer.mockReset();
  });
  afterEach(() => void vi.unstubAllGlobals());
  const problem = (status: number, body: object) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });

  it("gives the body, null when there is none", async () => {
    answer.mockResolvedValueOnce(new Response('{"a":1}')).mockResolvedValueOnce(new Response(null, { status: 204 }));
    expect(await call("GET", "/x", { query: { limit: 5, after: undefined } })).toEqual({ a: 1 });
    expect(answer.mock.calls[0]?.[0]).toBe("/api/v1/x?limit=5");
    expect(await call("DELETE", "/x")).toBeNull();
  });

  it("throws a Problem for a refusal", async () => {
    answer.mockResolvedValueOnce(problem(404, { kind: "not_found", detail: "Introuvable" }));
    await expect(call("GET", "/x")).rejects.toMatchObject({ name: "Problem", kind: "not_found", detail: "Introuvable" });
  });

  it("says that nobody is signed in, except when a proof is asked", async () => {
    const heard = vi.fn();
    const stop = onSignedOut(heard);
    answer.mockResolvedValueOnce(problem(401, { kind: "unauthenticated", detail: "x", extra: { proveAgain: true } }));
    await expect(call("POST", "/x")).rejects.toMatchObject({ kind: "unauthenticated" });
    expect(heard).not.toHaveBeenCalled();
    answer.mockResolvedValueOnce(problem(401, { kind: "unauthenticated", detail: "x" }));
    await expect(call("GET", "/x")).rejects.toMatchObject({ kind: "unauthenticated" });
    expect(heard).toHaveBeenCalledOnce();
    stop();
  });

  it("notes since when the server is out of reach, until it answers", async () => {
    vi.useFakeTimers();
    try {
      answer.mockRejectedValueOnce(new TypeError("Failed to fetch"));
      await expect(call("GET", "/x")).rejects.toMatchObject({ kind: "offline" });
      expect(offlineSince()).toBe(Date.now());
      answer.mockResolvedValueOnce(new Response("{}"));
      await call("GET", "/x");
      expect(offlineSince()).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it("lets the caller's own cancellation through", async () => {
    const abort = new AbortController();
    answer.mockImplementationOnce((_, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))));
    const pending = call("GET", "/x", { signal: abort.signal });
    abort.abort();
    await expect(pending).rejects.toMatchObject({ name: "AbortError" });
  });
});
