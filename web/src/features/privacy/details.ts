import { roleKeys } from "@/features/session/words";
import type { Format, T } from "@/i18n";
import type { TrailItem } from "./api";

const reasons = { asked: "reason_asked", objection: "reason_objection", left: "reason_left", mistake: "reason_mistake" } as const;
const counts = { minutes: "detail_minutes", seats: "detail_seats", groups: "detail_groups", sessions: "detail_sessions", days: "detail_days" } as const;

function has<Table extends object>(table: Table, key: string): key is Extract<keyof Table, string> {
  return Object.hasOwn(table, key);
}

/** The details of an act that a person can read, in words; ids are left out. */
export function detailWords(item: TrailItem, { t, role, format }: { t: T; role: T; format: Format }): string[] {
  if (item.act === "privacy.retention") {
    const rows = Object.entries(item.detail).reduce((sum, [key, value]) => (key === "run" ? sum : sum + (Number(value) || 0)), 0);
    return [t("detail_rows", { count: rows })];
  }
  return Object.entries(item.detail).flatMap(([key, value]) => {
    if (key === "role" && has(roleKeys, value)) return [role(roleKeys[value])];
    if (key === "reason" && has(reasons, value)) return [t(reasons[value])];
    if (key === "until" && Number(value) > 0) return [t("detail_until", { date: format.date(Number(value)) })];
    if (has(counts, key)) return [t(counts[key], { count: Number(value) || 0 })];
    return [];
  });
}
