import { Problem, problemFrom, problemOf } from "./problem";
import { noteReached, noteUnreached } from "./reach";

/** How long an ordinary request may take, in milliseconds. */
export const PATIENCE = 20_000;

/** Listens for answers that say the session is over. */
type Listener = () => void;
const signedOut = new Set<Listener>();

/** Calls back when the server says that nobody is signed in. Gives the way to stop listening. */
export function onSignedOut(listener: Listener): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

/**
 * fetch with an end to every wait, whose every failure is a Problem. The
 * caller's own signal still cancels it.
 */
export async function wire(input: RequestInfo | URL, init?: RequestInit & { patience?: number }): Promise<Response> {
  const own = init?.signal ?? (input instanceof Request ? input.signal : null);
  const limit = AbortSignal.timeout(init?.patience ?? PATIENCE);
  const signal = own ? AbortSignal.any([own, limit]) : limit;
  let response: Response;
  try {
    response = await fetch(input, { ...init, signal, credentials: "same-origin" });
  } catch (error) {
    if (own?.aborted) throw error;
    const problem = problemOf(error);
    if (problem.kind === "offline") noteUnreached();
    throw problem;
  }
  noteReached();
  if (response.ok) return response;
  let body: unknown = null;
  try {
    body = await response.json();
  } catch {
    // Not a problem document: problemFrom says what can be said from the status.
  }
  const problem = problemFrom(response.status, body);
  if (problem.kind === "unauthenticated" && problem.extra.proveAgain !== true) for (const heard of signedOut) heard();
  throw problem;
}

/** The body of an answer; null when there is none. */
async function bodyOf<T>(response: Response): Promise<T> {
  if (response.status === 204) return null as T;
  try {
    const text = await response.text();
    return (text ? JSON.parse(text) : null) as T;
  } catch (error) {
    throw new Problem("unreadable", { status: response.status }, { cause: error });
  }
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request to the API: `path` is below /api/v1. Throws a Problem. */
export async function call<T>(
  method: Method,
  path: string,
  options: { body?: unknown; query?: Record<string, string | number | boolean | undefined>; signal?: AbortSignal; patience?: number; authorization?: string; headers?: Record<string, string> } = {},
): Promise<T> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) if (value !== undefined) query.set(name, String(value));
  const search = query.size > 0 ? `?${query}` : "";
  const response = await wire(`/api/v1${path}${search}`, {
    method,
    signal: options.signal,
    patience: options.patience,
    headers: { ...options.headers, ...(options.body !== undefined && { "Content-Type": "application/json" }), ...(options.authorization !== undefined && { Authorization: options.authorization }) },
    body: options.body === undefined ? null : JSON.stringify(options.body),
  });
  return bodyOf<T>(response);
}
