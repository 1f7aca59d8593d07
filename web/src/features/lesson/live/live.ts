import { Problem, problemFrom, problemOf } from "@/api/problem";
import { wire } from "@/api/wire";
import { type ByeReason, type Frame, type LessonEvent, PROTOCOL, type ProblemFrame, type Signal, type Snapshot, SUBPROTOCOL } from "./protocol";
import { fold, fromSnapshot, type Known } from "./fold";

/**
 * How the connection stands. `shut`: the lesson lets nobody in for the moment,
 * which is asked again. `over` is final: the server said goodbye for good.
 */
export type Link =
  | { status: "connecting" | "open" | "lost"; since: number }
  | { status: "shut"; why: "not_open" | "locked"; detail: string }
  | { status: "over"; reason: ByeReason; detail: string };

const SILENCE = 8_000; // the server says something every 2.5 s: past this nothing is heard of it
const FIRST_WAIT = 250;
const LONGEST_WAIT = 4_000;
const COMMAND_PATIENCE = 15_000;

/** Reasons after which coming back is not for the client to decide. */
const final: readonly ByeReason[] = ["ended", "left", "put_out", "banned", "replaced", "guests_closed", "protocol", "session", "refused"];

type Waiter = { done: (result: Record<string, unknown>) => void; failed: (error: unknown) => void; timer: ReturnType<typeof setTimeout> };

/** What accompanies `hello`: the public half of this entry's key. */
export type Greeting = { recipient?: string; mac?: string };

/**
 * One person's live connection to a lesson: it comes back by itself, asks for
 * what it missed, and keeps what is known. Subscribers are told of each change.
 */
export class Live {
  private socket: WebSocket | null = null;
  private known: Known | null = null;
  private link: Link = { status: "connecting", since: Date.now() };
  private next = 1;
  private wait = FIRST_WAIT;
  private heard = 0;
  private watch: ReturnType<typeof setInterval> | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private refusal = "";
  private readonly waiters = new Map<number, Waiter>();
  private readonly changed = new Set<() => void>();
  private readonly signals = new Set<(signal: Signal) => void>();
  private readonly events = new Set<(event: LessonEvent, known: Known) => void>();
  private closed = false;
  /** The server's clock less this machine's, in milliseconds. */
  offset = 0;

  /** `path` is below the origin. */
  constructor(
    private readonly path: string,
    private greeting: Greeting = {},
  ) {}

  start(): void {
    this.closed = false;
    window.addEventListener("online", this.hurry);
    this.connect();
  }

  /** Closes without a word to the server: the page is going away. */
  stop(): void {
    this.closed = true;
    window.removeEventListener("online", this.hurry);
    if (this.retry) clearTimeout(this.retry);
    this.drop();
  }

  /** Greets again, with another public key. What is known stays. */
  greet(greeting: Greeting): void {
    if (greeting.recipient === this.greeting.recipient && greeting.mac === this.greeting.mac) return;
    this.greeting = greeting;
    if (this.socket && this.link.status !== "over") this.connect();
  }

  state = (): Known | null => this.known;

  status = (): Link => this.link;

  onChange = (heard: () => void): (() => void) => {
    this.changed.add(heard);
    return () => this.changed.delete(heard);
  };

  onSignal(heard: (signal: Signal) => void): () => void {
    this.signals.add(heard);
    return () => this.signals.delete(heard);
  }

  /** Hears each new event once, not those of a snapshot. */
  onEvent(heard: (event: LessonEvent, known: Known) => void): () => void {
    this.events.add(heard);
    return () => this.events.delete(heard);
  }

  /** Asks something of the server; the promise ends when it is on its disk, or is thrown a Problem. */
  ask(command: string, members: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const socket = this.socket;
    if (!socket || socket.readyState !== WebSocket.OPEN || this.link.status !== "open") return Promise.reject(new Problem("offline", {}));
    const id = this.next++;
    return new Promise((done, failed) => {
      const timer = setTimeout(() => {
        this.waiters.delete(id);
        failed(new Problem("offline", {}));
      }, COMMAND_PATIENCE);
      this.waiters.set(id, { done, failed, timer });
      socket.send(JSON.stringify({ ...members, id, do: command }));
    });
  }

  private readonly hurry = () => {
    if (this.link.status !== "lost") return;
    this.wait = FIRST_WAIT;
    if (this.retry) clearTimeout(this.retry);
    this.connect();
  };

  private connect(): void {
    this.drop();
    const address = new URL(this.path, window.location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address, SUBPROTOCOL);
    this.socket = socket;
    this.next = 1;
    this.heard = Date.now();
    let opened = false;
    socket.onopen = () => {
      opened = true;
      const hello = { id: this.next++, do: "hello", protocol: PROTOCOL, epoch: this.known?.epoch ?? 0, last: this.known?.n ?? 0, ...this.greeting };
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = (message) => {
      this.heard = Date.now();
      if (socket === this.socket) this.receive(JSON.parse(String(message.data)) as Frame);
    };
    socket.onclose = () => {
      if (socket !== this.socket) return;
      if (opened) this.lose();
      else void this.askWhy();
    };
    this.watch = setInterval(() => {
      if (Date.now() - this.heard > SILENCE && socket === this.socket) this.lose();
    }, 1_000);
  }

  /** A browser does not say why a connection was refused; the same address asked without one does. */
  private async askWhy(): Promise<void> {
    const asked = this.socket;
    let problem: Problem | null = null;
    try {
      await wire(this.path);
    } catch (error) {
      problem = problemOf(error);
    }
    if (this.closed || asked !== this.socket) return;
    const { status = 0, detail = "" } = problem ?? {};
    if (status === 409 || status === 423) {
      this.drop();
      this.link = { status: "shut", why: status === 409 ? "not_open" : "locked", detail };
      this.tell();
      this.retry = setTimeout(() => this.connect(), LONGEST_WAIT);
      return;
    }
    if ([401, 403, 404, 410].includes(status)) this.end(status === 410 ? "ended" : status === 401 ? "session" : "refused", detail);
    else this.lose();
  }

  private drop(): void {
    if (this.watch) clearInterval(this.watch);
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onclose = null;
      socket.onmessage = null;
      socket.close();
    }
    for (const waiter of this.waiters.values()) {
      clearTimeout(waiter.timer);
      waiter.failed(new Problem("offline", {}));
    }
    this.waiters.clear();
  }

  private lose(): void {
    this.drop();
    if (this.closed || this.link.status === "over") return;
    this.link = { status: "lost", since: this.link.status === "lost" ? this.link.since : Date.now() };
    this.tell();
    this.retry = setTimeout(() => this.connect(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  private end(reason: ByeReason, detail: string): void {
    this.link = { status: "over", reason, detail };
    this.drop();
    this.tell();
  }

  private receive(frame: Frame): void {
    switch (frame.type) {
      case "welcome":
        return this.welcome(frame);
      case "snapshot":
        this.known = fromSnapshot(frame);
        return this.tell();
      case "event": {
        if (!this.known || frame.n <= this.known.n) return;
        this.known = fold(this.known, frame);
        this.tell();
        for (const heard of this.events) heard(frame, this.known);
        return;
      }
      case "signal":
        for (const heard of this.signals) heard(frame);
        return;
      case "done":
        return this.settle(frame.re, (w) => w.done(frame));
      case "refused":
        if (!this.waiters.has(frame.re)) this.refusal = frame.problem.detail;
        return this.settle(frame.re, (w) => w.failed(problemOfFrame(frame.problem)));
      case "bye":
        if (final.includes(frame.reason)) this.end(frame.reason, frame.reason === "refused" && this.refusal ? this.refusal : frame.detail);
        else this.lose();
    }
  }

  private welcome(frame: Extract<Frame, { type: "welcome" }>): void {
    this.offset = frame.now - Date.now();
    const missed = this.known ? frame.since : undefined;
    if (missed && this.known) for (const event of missed) this.known = fold(this.known, event);
    else this.known = fromSnapshot(frame as Snapshot);
    if (this.known) this.known = { ...this.known, epoch: frame.epoch, me: frame.me };
    this.link = { status: "open", since: Date.now() };
    this.wait = FIRST_WAIT;
    this.tell();
    for (const event of missed ?? []) for (const heard of this.events) if (this.known) heard(event, this.known);
  }

  private settle(id: number, with_: (waiter: Waiter) => void): void {
    const waiter = this.waiters.get(id);
    if (!waiter) return;
    this.waiters.delete(id);
    clearTimeout(waiter.timer);
    with_(waiter);
  }

  private tell(): void {
    for (const heard of this.changed) heard();
  }
}

function problemOfFrame(problem: ProblemFrame): Problem {
  const errors = problem.field ? [{ field: problem.field, detail: problem.detail }] : undefined;
  return problemFrom(0, { kind: problem.kind, detail: problem.detail, errors, retryAfter: problem.retryAfter });
}
