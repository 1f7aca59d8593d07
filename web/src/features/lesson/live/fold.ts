import type { Audience, ChatMode, LessonEvent, Message, Mood, OwnRights, Person, Preset, Rights, Snapshot, Waiting } from "./protocol";

/** What is known of the lesson: a snapshot, kept up to date by its events. */
export type Known = Snapshot & { ended: boolean };

/** The most messages that a page keeps. */
export const MESSAGES_KEPT = 500;

/** `hand` is a place in the queue here; the wire has the number of the event that raised it. */
export function fromSnapshot(snapshot: Snapshot): Known {
  const people = snapshot.people.map((p) => ({ ...p, hand: snapshot.hands.indexOf(p.id) + 1 }));
  return { ...snapshot, people, waiting: snapshot.waiting ?? [], ended: false };
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
      const come = { ...person, hand: known.hands.indexOf(person.id) + 1 };
      return { ...known, people: known.people.some((p) => p.id === come.id) ? known.people.map((p) => (p.id === come.id ? come : p)) : [...known.people, come], waiting: known.waiting?.filter((w) => w.id !== person.id) };
    }
    case "left": {
      const who = event.who as string;
      const hands = known.hands.filter((h) => h !== who);
      const people = known.people.map((p) => (p.id === who ? { ...p, here: false, hand: 0, state: "" as const } : { ...p, hand: hands.indexOf(p.id) + 1 }));
      const spotlight = lesson.spotlight === who ? null : lesson.spotlight;
      return { ...known, people, hands, lesson: { ...lesson, spotlight } };
    }
    case "attended":
      return set({ attended: true });
    case "unattended":
      return { ...set({ attended: false }), people: known.people.map((p) => (p.kind === "staff" || !p.rights ? p : { ...p, rights: { ...nothing } })) };
    case "preset": {
      const all = event.rights ? { ...known, people: known.people.map((p) => applyRights(p, event)) } : known;
      const lessonNow = { ...lesson, preset: event.preset as Preset, rights: (event.rights as Rights | undefined) ?? lesson.rights, chat: (event.chat as ChatMode | undefined) ?? lesson.chat };
      return { ...all, lesson: lessonNow };
    }
    case "rights":
      return { ...set({ rights: event.rights as Rights }), people: known.people.map((p) => applyRights(p, event)) };
    case "rights_of":
      return change(known, event.who as string, () => ({ own: event.own as OwnRights, rights: event.rights as Rights }));
    case "chat":
      return set({ chat: event.to as ChatMode });
    case "cameras":
      return cameras(known, event);
    case "camera_to":
      return change(known, event.who as string, (p) => ({ ownCamera: event.to as Audience, camera: event.to === "staff" ? "staff" : lessonCamera(known, p) }));
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
      return event.message ? addMessage(known, { ...(event.message as Message), pending: false }) : known;
    }
    case "deleted":
      return { ...known, messages: known.messages.filter((m) => (event.id ? m.id !== event.id : m.by !== event.who)) };
    case "hand":
      return raise(known, event);
    case "state":
      return change(known, event.who as string, () => ({ state: event.state as Mood }));
    case "waiting":
      return { ...known, waiting: [...(known.waiting ?? []).filter((w) => w.id !== event.who), { id: event.who as string, label: event.label as string, since: (event.since as number) ?? event.at } satisfies Waiting] };
    case "banned":
    case "unbanned":
      return change(known, event.who as string, () => ({ banned: event.ev === "banned" }));
    case "answered":
      return { ...known, waiting: known.waiting?.filter((w) => w.id !== event.who) };
    default:
      return known;
  }
}

function lessonCamera(known: Known, person: Person): Audience {
  return person.kind !== "staff" && known.lesson.cameras === "staff" ? "staff" : "everyone";
}

/** Who sees pupils' cameras, for all or for one; a person's own stricter choice stays. */
function cameras(known: Known, event: LessonEvent): Known {
  const to = event.to as Audience;
  const set = (p: Person): Person => ({ ...p, camera: p.ownCamera === "staff" ? "staff" : to });
  if (event.who) return { ...known, people: known.people.map((p) => (p.id === event.who ? set(p) : p)) };
  return { ...known, lesson: { ...known.lesson, cameras: to }, people: known.people.map((p) => (p.kind === "staff" || p.camera === undefined ? p : set(p))) };
}

/** What holds for a pupil or a guest once the lesson's rights have changed: their own come first. */
function applyRights(person: Person, event: LessonEvent): Person {
  if (person.kind === "staff" || person.rights === undefined) return person;
  const rights = event.rights as Rights;
  const next = { ...rights };
  for (const [right, own] of Object.entries(person.own ?? {})) if (typeof own === "boolean") next[right as keyof Rights] = own;
  return { ...person, rights: next };
}
