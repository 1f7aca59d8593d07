import { LEVELS } from "@/features/import/levels";
import type { Group } from "./api";

const collator = new Intl.Collator("fr", { numeric: true, sensitivity: "base" });

function rank(level: string | undefined): number {
  const at = level === undefined ? -1 : (LEVELS as readonly string[]).indexOf(level);
  return at < 0 ? LEVELS.length : at;
}

/** Classes from the youngest, then other groups, each by name: CP, 6e A, 6e B, 6e B allemand. */
export function inSchoolOrder<G extends Pick<Group, "kind" | "level" | "name">>(groups: readonly G[]): G[] {
  return [...groups].sort(
    (a, b) => rank(a.level) - rank(b.level) || Number(a.kind === "group") - Number(b.kind === "group") || collator.compare(a.name, b.name),
  );
}
