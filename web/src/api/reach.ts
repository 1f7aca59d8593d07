/** Whether the server answers, as seen by the requests of this page. */
let since: number | null = null;
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();

const RETRY_MS = 8_000;

function tell(to: number | null): void {
  if (since === to) return;
  since = to;
  for (const heard of listeners) heard();
}

async function probe(): Promise<void> {
  try {
    await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5_000) });
    noteReached();
  } catch {
    // Still out of reach: the next turn asks again.
  }
}

/** Told by each request that got an answer, whatever it says. */
export function noteReached(): void {
  tell(null);
  if (timer !== null) clearInterval(timer);
  timer = null;
}

/** Told by each request that got none. Asks again until the server answers. */
export function noteUnreached(): void {
  tell(since ?? Date.now());
  timer ??= setInterval(probe, RETRY_MS);
}

/** Since when the server is out of reach, in ms, or null. */
export function offlineSince(): number | null {
  return since;
}

export function onReach(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Listens to the machine's own network state. */
export function watchNetwork(): void {
  window.addEventListener("offline", noteUnreached);
  window.addEventListener("online", () => void probe());
}
