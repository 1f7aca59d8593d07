import type { Audience, ChatMode, LessonEvent, Message, Mood, OwnRights, Person, Preset, Rights, Snapshot, Waiting } from "./protocol";

/** What is known of the lesson: a snapshot, kept up to date by its events. */
export type Known = Snapshot & { ended: boolean };

/** The most messages that a page keeps. */
export const MESSAGES_KEPT = 500;

export function fromSnapshot(snapshot: Snapshot): Known {
  return { ...snapshot, waiting: snapshot.waiting ?? [], ended: false };
}

const nothing: Rights = { microphone: false, camera: false, screen: false, chat: false, reactions: false, drawing: false };

function change(known: Known, who: string, with_: (person: Person) => Partial<Person>): Known {
  return { ...known, people: known.people.map((p) => (p.id === who ? { ...p, ...with_(p) } : p)) };
}

function addMessage(known: Known, message: Message): Known {
  const others = known.messages.filter((m) => m.id !== message.id);
  const at = others.findIndex((m) => m.n > message.n);
  const messages = at < 0 ? [...others, message] : [...others.slice(0, at), message, ...others.slice(at)];
  return { ...known, messages: messages.slice(-MESSAGES_KEPT) };
}

function raise(known: Known, event: LessonEvent): Known {
  if (event.lowered === true) return { ...known, hands: [], people: known.people.map((p) => (p.hand ? { ...p, hand: 0 } : p)) };
  const who = event.who as string;
  const others = known.hands.filter((h) => h !== who);
  const hands = event.up ? (known.hands.includes(who) ? known.hands : [...others, who]) : others;
  return { ...known, hands, people: known.people.map((p) => ({ ...p, hand: hands.indexOf(p.id) + 1 })) };
}

/**
 * What is known after one more event. An event that was seen already changes
 * nothing; one of a kind that this client does not know only moves `n`.
 */
export function fold(known: Known, event: LessonEvent): Known {
  if (event.n <= known.n) return known;
  return { ...step(known, event), n: event.n };
}

function step(known: Known, event: LessonEvent): Known {
  const lesson = known.lesson;
  const set = (part: Partial<Known["lesson"]>): Known => ({ ...known, lesson: { ...lesson, ...part } });
  switch (event.ev) {
    case "ended":
      return { ...known, ended: true };
    case "joined": {
      const person = event.person as Person;
      return { ...known, people: [...known.people.filter((p) => p.id !== person.id), person], waiting: known.waiting?.filter((w) => w.id !== person.id) };
    }
    case "left": {
      const who = event.who as string;
      const gone = change(known, who, () => ({ here: false, hand: 0 }));
      return { ...gone, hands: known.hands.filter((h) => h !== who) };
    }
    case "attended":
      return set({ attended: true });
    case "unattended":
      return { ...set({ attended: false }), people: known.people.map((p) => (p.kind === "staff" ? p : { ...p, rights: { ...nothing } })) };
    case "preset":
      return set({ preset: event.preset as Preset });
    case "rights":
      return { ...set({ rights: event.rights as Rights }), people: known.people.map((p) => applyRights(p, event)) };
    case "rights_of":
      return change(known, event.who as string, () => ({ own: event.own as OwnRights, rights: event.rights as Rights }));
    case "chat":
      return set({ chat: event.to as ChatMode });
    case "cameras":
      return event.who ? change(known, event.who as string, () => ({ camera: event.to as Audience })) : set({ cameras: event.to as Audience });
    case "camera_to":
      return change(known, event.who as string, () => ({ camera: event.to as Audience }));
    case "lock":
      return set({ locked: event.to as boolean });
    case "spotlight":
      return set({ spotlight: (event.who as string | null) ?? null });
    case "guests":
      return set({ guests: event.open as boolean });
    case "sealed":
      return set({ sealed: true, sealIndex: event.index as number, sealHolder: (event.holder as string) ?? null });
    case "message":
      return addMessage(known, { id: event.id as string, n: event.n, at: event.at, by: event.by ?? "", text: event.text as string, to: event.to as "all" | "staff", pending: event.pending === true });
    case "released": {
      const had = known.messages.find((m) => m.id === event.id);
      if (had) return { ...known, messages: known.messages.map((m) => (m.id === event.id ? { ...m, pending: false } : m)) };
      if (typeof event.text !== "string") return known;
      return addMessage(known, { id: event.id as string, n: event.n, at: (event.sent as number) ?? event.at, by: event.author as string, text: event.text, to: "all", pending: false });
    }
    case "deleted":
      return { ...known, messages: known.messages.filter((m) => (event.id ? m.id !== event.id : m.by !== event.who)) };
    case "hand":
      return raise(known, event);
    case "state":
      return change(known, event.who as string, () => ({ state: event.state as Mood }));
    case "waiting":
      return { ...known, waiting: [...(known.waiting ?? []).filter((w) => w.id !== event.who), { id: event.who as string, label: event.label as string, since: (event.since as number) ?? event.at } satisfies Waiting] };
    case "answered":
      return { ...known, waiting: known.waiting?.filter((w) => w.id !== event.who) };
    default:
      return known;
  }
}

/** What holds for a pupil or a guest once the lesson's rights have changed: their own come first. */
function applyRights(person: Person, event: LessonEvent): Person {
  if (person.kind === "staff") return person;
  const rights = event.rights as Rights;
  const next = { ...rights };
  for (const [right, own] of Object.entries(person.own ?? {})) if (typeof own === "boolean") next[right as keyof Rights] = own;
  return { ...person, rights: next };
}
