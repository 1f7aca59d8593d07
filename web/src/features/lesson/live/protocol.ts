/**
 * The lesson's protocol, version 1, as docs/protocol.md describes it.
 * `at`, `now` and `since` are UTC milliseconds.
 */
export const PROTOCOL = 1;
export const SUBPROTOCOL = "preau.lesson.v1";

export const rightNames = ["microphone", "camera", "screen", "chat", "reactions", "drawing"] as const;
export type Right = (typeof rightNames)[number];
export type Rights = Record<Right, boolean>;
/** What was set for one person alone; null follows the lesson. */
export type OwnRights = Partial<Record<Right, boolean | null>>;

export type Preset = "cours" | "debat" | "evaluation" | "silence";
export type ChatMode = "everyone" | "staff" | "moderated" | "closed";
export type Audience = "everyone" | "staff";
export type Role = "teacher" | "coteacher" | "substitute" | "assistant" | "interpreter" | "pupil" | "guest";
export type Mood = "" | "too_fast" | "too_slow" | "understood" | "lost" | "away";
export const reactions = ["like", "clap", "laugh", "wow", "heart", "thanks"] as const;
export type Reaction = (typeof reactions)[number];

export interface Person {
  id: string;
  kind: "staff" | "seat" | "guest";
  role: Role;
  staff?: string;
  name?: string;
  seat?: string;
  pseudonym?: string;
  picture?: string;
  label?: string;
  here: boolean;
  joinedAt: number;
  /** What stands below of rights and cameras reaches staff and the person alone. */
  own?: OwnRights;
  rights?: Rights;
  camera?: Audience;
  /** The person's own choice, where staff set something else. */
  ownCamera?: Audience;
  hand: number;
  state: Mood;
  verified?: boolean;
  banned?: boolean;
  /** The seats that an assistant was given. */
  given?: string[];
}

/** Whether a person has the commands over the whole lesson. */
export function leads(person: Pick<Person, "role">): boolean {
  return person.role === "teacher" || person.role === "coteacher" || person.role === "substitute";
}

export interface Message {
  id: string;
  n: number;
  at: number;
  by: string;
  text: string;
  to: "all" | "staff";
  pending: boolean;
}

export interface Waiting {
  id: string;
  label: string;
  since: number;
}

export interface LessonState {
  id: string;
  title: string;
  openedAt: number;
  attended: boolean;
  locked: boolean;
  preset: Preset | "";
  rights: Rights;
  chat: ChatMode;
  cameras: Audience;
  spotlight: string | null;
  sealed: boolean;
  /** Absent while media are not sealed. */
  sealIndex?: number;
  sealHolder?: string | null;
  guests: boolean;
  messagesUntilHours: number;
}

export interface Snapshot {
  n: number;
  epoch: number;
  lesson: LessonState;
  me: string;
  people: Person[];
  hands: string[];
  messages: Message[];
  waiting?: Waiting[];
  /** For staff: what was reported, also before they came. */
  reports?: { report: string; at: number; by: string; message?: string; who?: string; text?: string }[];
}

/** Something that happened. Members beside these depend on `ev`. */
export interface LessonEvent {
  type: "event";
  n: number;
  at: number;
  by?: string;
  ev: string;
  [member: string]: unknown;
}

export interface Signal {
  type: "signal";
  sig: string;
  [member: string]: unknown;
}

export interface ProblemFrame {
  kind: string;
  key: string;
  detail: string;
  field?: string;
  retryAfter?: number;
}

export type ByeReason = "ended" | "left" | "put_out" | "banned" | "replaced" | "guests_closed" | "slow" | "too_large" | "protocol" | "restart" | "session" | "refused" | "silent";

export type Frame =
  | ({ type: "welcome"; protocol: number; now: number; since?: LessonEvent[] } & Partial<Snapshot> & { epoch: number; me: string })
  | ({ type: "snapshot" } & Snapshot)
  | LessonEvent
  | Signal
  | ({ type: "done"; re: number } & Record<string, unknown>)
  | { type: "refused"; re: number; problem: ProblemFrame }
  | { type: "bye"; reason: ByeReason; detail: string };
