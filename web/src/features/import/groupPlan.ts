import { fold } from "./fold";
import type { Level } from "./levels";
import type { FoundGroup, Pupil } from "./pupils";
import type { KnownGroup } from "./school";

/** What a person decided of a group that the list names; absent means as found. */
export interface GroupEdit {
  name?: string;
  kind?: "class" | "group";
  level?: Level | null;
  /** Key of the group that it becomes a part of. */
  into?: string;
  /** Its pupils are imported without it. */
  ignored?: boolean;
}

export type GroupEdits = ReadonlyMap<string, GroupEdit>;

/** A group after the import: one of the school's, or a new one. */
export interface PlannedGroup {
  /** Id of the school's group, or the ref of a new one. */
  ref: string;
  known: boolean;
  name: string;
  kind: "class" | "group";
  level: Level | null | string;
  pupils: number;
}

export interface GroupPlan {
  groups: PlannedGroup[];
  /** Where each found group leads: a ref, or nothing. */
  refs: ReadonlyMap<string, string>;
}

/**
 * Settles the groups: merges, new names, and those that the school already
 * has, known by name. Two groups given the same name become one.
 */
export function planGroups(found: readonly FoundGroup[], edits: GroupEdits, known: readonly KnownGroup[]): GroupPlan {
  const byName = new Map(known.map((g) => [fold(g.name), g]));
  const byKey = new Map(found.map((g) => [g.key, g]));
  const groups = new Map<string, PlannedGroup>();
  const refs = new Map<string, string>();
  for (const start of found) {
    const target = follow(start, byKey, edits);
    if (!target) continue;
    const edit = edits.get(target.key) ?? {};
    const name = (edit.name ?? target.name).trim() || target.name;
    const existing = byName.get(fold(name));
    const ref = existing?.id ?? `g:${fold(name)}`;
    refs.set(start.key, ref);
    const planned = groups.get(ref);
    if (planned) {
      planned.pupils += start.pupils;
      continue;
    }
    groups.set(ref, {
      ref,
      known: existing !== undefined,
      name: existing?.name ?? name,
      kind: existing?.kind ?? edit.kind ?? target.kind,
      level: existing ? existing.level : edit.level !== undefined ? edit.level : target.level,
      pupils: start.pupils,
    });
  }
  return { groups: [...groups.values()], refs };
}

/** Follows merges; a circle of merges ends where it was entered. */
function follow(start: FoundGroup, byKey: ReadonlyMap<string, FoundGroup>, edits: GroupEdits): FoundGroup | null {
  let at = start;
  const passed = new Set<string>();
  for (;;) {
    const edit = edits.get(at.key);
    if (edit?.ignored) return null;
    const next = edit?.into === undefined ? undefined : byKey.get(edit.into);
    if (!next || passed.has(at.key)) return at;
    passed.add(at.key);
    at = next;
  }
}

/** The refs of a pupil's groups, each once. */
export function refsOf(pupil: Pupil, plan: GroupPlan): string[] {
  return [...new Set(pupil.groups.map((key) => plan.refs.get(key)).filter((ref): ref is string => ref !== undefined))];
}
