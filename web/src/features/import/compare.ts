import { fold } from "./fold";
import { refsOf, type GroupPlan } from "./groupPlan";
import type { Pupil } from "./pupils";
import type { KnownSeat, SchoolNow } from "./school";

/** A pupil of the list who already has a seat this year. */
export interface Present {
  pupil: Pupil;
  seat: KnownSeat;
  /** All the groups of the seat from now on, as refs; null when nothing changes. */
  groups: string[] | null;
  /** The level from now on; null when nothing changes. */
  level: string | null;
  /** The seat had left and comes back. */
  back: boolean;
}

export interface Comparison {
  arrivals: Pupil[];
  present: Present[];
  /** Seats of classes that the list names, whom it does not name. */
  departed: KnownSeat[];
  /** Seats whose name could not be read: a pupil among the arrivals may be one of them. */
  unread: number;
}

const nameKey = (name: { last: string; first: string }) => `${fold(name.last)}|${fold(name.first)}`;

/** Compares the list with the school: by name, then by group when several have the same. */
export function compare(pupils: readonly Pupil[], plan: GroupPlan, now: SchoolNow): Comparison {
  const byName = new Map<string, KnownSeat[]>();
  for (const seat of now.seats) {
    if (!seat.name) continue;
    const same = byName.get(nameKey(seat.name));
    if (same) same.push(seat);
    else byName.set(nameKey(seat.name), [seat]);
  }
  const result: Comparison = { arrivals: [], present: [], departed: [], unread: now.seats.filter((s) => !s.left && !s.name).length };
  const found = new Set<string>();
  const kinds = new Map<string, "class" | "group">([...now.groups.map((g) => [g.id, g.kind] as const), ...plan.groups.map((g) => [g.ref, g.kind] as const)]);

  for (const pupil of pupils) {
    const refs = refsOf(pupil, plan);
    const candidates = (byName.get(nameKey(pupil)) ?? []).filter((s) => !found.has(s.id));
    const shared = (s: KnownSeat) => s.groups.filter((g) => refs.includes(g)).length;
    candidates.sort((a, b) => Number(a.left) - Number(b.left) || shared(b) - shared(a) || Number(b.level === pupil.level) - Number(a.level === pupil.level));
    const seat = candidates[0];
    if (!seat) {
      result.arrivals.push(pupil);
      continue;
    }
    found.add(seat.id);
    const groups = nextGroups(seat, refs, kinds);
    result.present.push({
      pupil,
      seat,
      groups: sameSet(groups, seat.groups) ? null : groups,
      level: pupil.level !== null && pupil.level !== seat.level ? pupil.level : null,
      back: seat.left,
    });
  }
  const listed = new Set(plan.groups.filter((g) => g.known && g.kind === "class").map((g) => g.ref));
  result.departed = now.seats.filter((s) => !s.left && s.name && !found.has(s.id) && s.groups.some((g) => listed.has(g)));
  return result;
}

/** A class takes the place of a class; groups add up. */
function nextGroups(seat: KnownSeat, refs: readonly string[], kinds: ReadonlyMap<string, "class" | "group">): string[] {
  const hasClass = refs.some((r) => kinds.get(r) === "class");
  const kept = seat.groups.filter((g) => !hasClass || kinds.get(g) !== "class");
  return [...new Set([...kept, ...refs])];
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((x) => b.includes(x));
}

/** Whether a pupil already there changes at all. */
export function changes(present: Present): boolean {
  return present.groups !== null || present.level !== null || present.back;
}
