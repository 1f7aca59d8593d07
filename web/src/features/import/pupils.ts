import type { Finding } from "./findings";
import { fold, tidy } from "./fold";
import { flip, splitName, type Order } from "./fullName";
import { levelOfClass, readLevel, type Level } from "./levels";
import { MAX_GROUPS, MAX_GROUP_NAME, MAX_NAME, MAX_PUPILS } from "./limits";
import type { RawPupil } from "./reader";

/** A pupil read from a list. Groups by key. */
export interface Pupil {
  line: number;
  last: string;
  first: string;
  level: Level | null;
  groups: string[];
}

/** A class or group that the list names. */
export interface FoundGroup {
  /** Folded name; «6e B» and «6E b» are one. */
  key: string;
  name: string;
  kind: "class" | "group";
  level: Level | null;
  pupils: number;
}

/** A level as the list writes it, and what it was taken for. */
export interface FoundLevel {
  raw: string;
  level: Level | null;
  pupils: number;
}

export interface Choices {
  /** For full names whose writing does not tell. */
  order: Order;
  /** Lines whose names a person exchanged. */
  flipped: ReadonlySet<number>;
  /** Lines that a person said are another pupil of the same name. */
  distinct: ReadonlySet<number>;
  /** What a person said a written level means, by its folded text. */
  levels: ReadonlyMap<string, Level | null>;
  /** A class for every pupil of a list that names none. */
  oneClass: string;
}

export const NO_CHOICES: Choices = { order: "lastFirst", flipped: new Set(), distinct: new Set(), levels: new Map(), oneClass: "" };

export interface Pupils {
  pupils: Pupil[];
  groups: FoundGroup[];
  levels: FoundLevel[];
  findings: Finding[];
}

/** Totals and page feet that some lists end with. */
const NOT_A_PUPIL = /^(total|effectif|nombre|page|edite|imprime|liste)\b/;

/**
 * Makes pupils of the lines of a list: names parted, levels and groups read,
 * lines of one pupil brought together. Never throws; a line that cannot be a
 * pupil is a finding and is set aside whole.
 */
export function makePupils(rows: readonly RawPupil[], choices: Choices = NO_CHOICES): Pupils {
  const findings: Finding[] = [];
  const groups = new Map<string, FoundGroup>();
  const levels = new Map<string, FoundLevel>();
  const byName = new Map<string, { pupil: Pupil; class: string; twin: number }[]>();
  const pupils: Pupil[] = [];
  let unsure = 0;

  const group = (name: string, kind: "class" | "group", line: number): string | null => {
    const label = tidy(name);
    const key = fold(label);
    if (key === "") return null;
    if (label.length > MAX_GROUP_NAME) {
      findings.push({ key: "group_too_long", severity: "warning", line, args: { max: MAX_GROUP_NAME } });
      return null;
    }
    if (!groups.has(key)) groups.set(key, { key, name: label, kind, level: null, pupils: 0 });
    return key;
  };

  for (const row of rows) {
    const aside = (key: Finding["key"], args?: Finding["args"]) => findings.push({ key, severity: "error", line: row.line, args });
    let { last, first } = row;
    if (row.full !== "") {
      const split = splitName(row.full, choices.order);
      if (!split.sure) unsure++;
      ({ last, first } = split);
    }
    if (choices.flipped.has(row.line)) ({ last, first } = flip({ last, first }));
    last = tidy(last);
    first = tidy(first);

    if (NOT_A_PUPIL.test(fold(last)) && (first === "" || !/\p{L}/u.test(first))) continue;
    if (last === "" && first === "") aside("name_empty");
    else if (last === "") aside("last_empty");
    else if (first === "") aside("first_empty");
    else if (last.length > MAX_NAME || first.length > MAX_NAME) aside("name_too_long", { max: MAX_NAME });
    else if (!/\p{L}/u.test(last) || !/\p{L}/u.test(first) || /[\ufffd<>{}@]/u.test(last + first)) aside("not_a_name");
    else {
      const inGroupLine = /^g/i.test(row.kind);
      const mainClass = row.class || (inGroupLine ? "" : choices.oneClass);
      const classKey = group(mainClass, inGroupLine ? "group" : "class", row.line);
      const named = [classKey, ...row.groups.split(/[,;|\n]/).map((g) => group(g, "group", row.line))];
      const keys = [...new Set(named.filter((k): k is string => k !== null))];
      const level = levelFor(row, choices, levels, inGroupLine ? "" : mainClass);
      const own = inGroupLine ? "" : (classKey ?? "");
      const name = `${fold(last)}|${fold(first)}`;
      const same = byName.get(name) ?? [];
      const before = choices.distinct.has(row.line) ? undefined : same.find((s) => (own === "" || s.class === "" || s.class === own) && agree(s.pupil.level, level) && agree(s.twin, row.twin));
      if (before) {
        const added = keys.filter((k) => !before.pupil.groups.includes(k));
        before.pupil.groups.push(...added);
        before.pupil.level ??= level;
        if (before.class === "") before.class = own;
        before.twin ||= row.twin;
        if (added.length > 0) findings.push({ key: "merged", severity: "info", line: row.line, args: { first: before.pupil.line } });
        else findings.push({ key: "duplicate", severity: "warning", line: row.line, args: { first: before.pupil.line } });
        continue;
      }
      if (same.length > 0 && !choices.distinct.has(row.line)) findings.push({ key: "same_name", severity: "warning", line: row.line, args: { first: same[0]!.pupil.line } });
      const pupil: Pupil = { line: row.line, last, first, level, groups: keys };
      if (/[?]/.test(last + first)) findings.push({ key: "lost_letter", severity: "warning", line: row.line });
      same.push({ pupil, class: own, twin: row.twin });
      byName.set(name, same);
      pupils.push(pupil);
    }
  }

  if (unsure > 0) findings.push({ key: "order_unsure", severity: "info", args: { count: unsure } });
  for (const found of levels.values())
    if (found.level === null && !choices.levels.has(fold(found.raw))) findings.push({ key: "level_unknown", severity: "warning", args: { level: found.raw, count: found.pupils } });
  if (pupils.length > MAX_PUPILS) return { pupils: [], groups: [], levels: [], findings: [{ key: "too_many_pupils", severity: "error", args: { max: MAX_PUPILS } }] };
  if (groups.size > MAX_GROUPS) return { pupils: [], groups: [], levels: [], findings: [{ key: "too_many_groups", severity: "error", args: { max: MAX_GROUPS } }] };
  if (pupils.length === 0) findings.push({ key: "no_pupil", severity: "error" });

  for (const pupil of pupils) for (const key of pupil.groups) groups.get(key)!.pupils++;
  const list = [...groups.values()].filter((g) => g.pupils > 0);
  for (const g of list) g.level = commonLevel(pupils, g.key);
  return { pupils, groups: list, levels: [...levels.values()], findings };
}

/** Whether two readings may be of one pupil: the same, or one of them missing. */
function agree<T extends string | number>(a: T | null, b: T | null): boolean {
  return a === b || !a || !b;
}

/** The written level, else the one that the class's name begins with. */
function levelFor(row: RawPupil, choices: Choices, levels: Map<string, FoundLevel>, className: string): Level | null {
  const raw = tidy(row.level).slice(0, 60);
  if (raw === "") return className === "" ? null : levelOfClass(className);
  const key = fold(raw);
  let found = levels.get(key);
  if (!found) {
    found = { raw, level: choices.levels.has(key) ? choices.levels.get(key)! : readLevel(raw), pupils: 0 };
    levels.set(key, found);
  }
  found.pupils++;
  return found.level;
}

/** The level of every pupil of a group who has one, when it is the same. */
function commonLevel(pupils: readonly Pupil[], key: string): Level | null {
  let common: Level | null = null;
  for (const pupil of pupils) {
    if (pupil.level === null || !pupil.groups.includes(key)) continue;
    if (common !== null && common !== pupil.level) return null;
    common = pupil.level;
  }
  return common;
}
