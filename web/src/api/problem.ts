/** An RFC 9457 problem as the server writes it. */
export type ProblemDocument = {
  title?: string;
  status?: number;
  detail?: string;
  instance?: string;
  kind?: string;
  retryAfter?: number;
  errors?: { field: string; detail: string }[];
  challenge?: unknown;
  extra?: Record<string, unknown>;
};

/**
 * What sort of failure a Problem is: the server's kinds, and three that never
 * reach a server: `offline`, `timeout`, `unreadable` (an answer that is not
 * Préau's, from a proxy for instance).
 */
export type ProblemKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "gone"
  | "too_large"
  | "limited"
  | "unavailable"
  | "internal"
  | "offline"
  | "timeout"
  | "unreadable";

const kinds: ReadonlySet<string> = new Set<ProblemKind>([
  "invalid",
  "unauthenticated",
  "forbidden",
  "not_found",
  "conflict",
  "gone",
  "too_large",
  "limited",
  "unavailable",
  "internal",
]);

/** The one error that the client throws. `detail` is ready to be read by a person when the server wrote it. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly kind: ProblemKind;
  readonly status: number;
  /** A sentence in the reader's language, or "" when no server answered. */
  readonly detail: string;
  /** A short number to give to the administration. */
  readonly id: string | null;
  /** What is wrong, by field of the request: `school.name`. */
  readonly fields: Readonly<Record<string, string>>;
  /** Seconds to wait before another try, or 0. */
  readonly retryAfter: number;
  /** A proof of work asked by the pupils' door. */
  readonly challenge: unknown;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(kind: ProblemKind, document: ProblemDocument = {}, options?: ErrorOptions) {
    super(document.detail ?? kind, options);
    this.kind = kind;
    this.status = document.status ?? 0;
    this.detail = document.detail ?? "";
    this.id = document.instance ?? null;
    this.fields = Object.fromEntries((document.errors ?? []).map((e) => [e.field, e.detail]));
    this.retryAfter = document.retryAfter ?? 0;
    this.challenge = document.challenge;
    this.extra = document.extra ?? {};
  }

  /** Whether the same request may succeed later without any change. */
  get passing(): boolean {
    return this.kind === "offline" || this.kind === "timeout" || this.kind === "unavailable" || this.kind === "unreadable";
  }
}

/** The person gave up: closed a question, let a prompt expire. There is nothing to tell them. */
export class Abandoned extends Error {
  override readonly name = "Abandoned";
}

/** Reads the body of a failed answer. */
export function problemFrom(status: number, body: unknown): Problem {
  const document = body as ProblemDocument | null;
  if (typeof document !== "object" || document === null || typeof document.detail !== "string") {
    return new Problem(status >= 500 || status === 0 ? "unreadable" : kindOf(status), { status });
  }
  const kind = document.kind && kinds.has(document.kind) ? (document.kind as ProblemKind) : kindOf(status);
  return new Problem(kind, { ...document, status });
}

function kindOf(status: number): ProblemKind {
  switch (status) {
    case 401:
      return "unauthenticated";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 409:
      return "conflict";
    case 410:
      return "gone";
    case 413:
      return "too_large";
    case 429:
      return "limited";
    case 503:
      return "unavailable";
    default:
      return status >= 500 ? "internal" : "invalid";
  }
}

/** Turns anything thrown into a Problem: a failed fetch, an expired wait, a bug. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return new Problem("timeout", {}, { cause: error });
  }
  if (error instanceof TypeError) return new Problem("offline", {}, { cause: error });
  return new Problem("unreadable", {}, { cause: error });
}
