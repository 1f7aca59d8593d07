import type { T } from "@/i18n";
import type { Author, PieceLine } from "./api";

/** Who signs, as readers see it. */
export function signed(t: T, authors: readonly Author[]): string {
  const names = authors.filter((a) => !a.invited).map((a) => a.penName).filter(Boolean);
  return names.length > 0 ? names.join(", ") : t("nobody");
}

/** A piece's title, or a word for one that has none yet. */
export const titleOf = (t: T, piece: Pick<PieceLine, "title">) => piece.title || t("untitled");

/** Where a piece stands, in words, with the revision that follows the published one. */
export function standsAt(t: T, { status, change, publishedAt, hiddenAt }: Pick<PieceLine, "status" | "change" | "publishedAt" | "hiddenAt">, now: number): string {
  const base = status === "published" && publishedAt !== undefined && publishedAt > now ? t("status_dated") : t(`status_${status}`);
  const parts = [base];
  if (change) parts.push(t(`change_${change}`));
  if (hiddenAt !== undefined) parts.push(t("status_hidden"));
  return parts.join(" · ");
}

const HOUR = 3_600_000;

/** How near a limit of the law is: passed, within a day, or later. */
export function nearness(due: number, now: number): "late" | "near" | "far" {
  if (due <= now) return "late";
  return due - now <= 24 * HOUR ? "near" : "far";
}
