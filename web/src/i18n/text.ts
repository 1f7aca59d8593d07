import type { Locale } from "./locale";

/** A text of the catalogue: one form, or one for each plural category. */
export type Entry = string | { one: string; other: string };

/** One domain's texts in one language. */
export type Texts = Readonly<Record<string, Entry>>;

/** The arguments of a text; `count` chooses the plural. */
export type Args = Readonly<Record<string, string | number>>;

/** CLDR's cardinal rule for whole numbers: French counts 0 and 1 as singular, English 1 alone. */
export function isOne(locale: Locale, count: unknown): boolean {
  return count === 1 || (count === 0 && locale === "fr");
}

/** Fills in a text. Whole numbers are written as the language writes them. */
export function fill(locale: Locale, entry: Entry, args: Args = {}): string {
  const form = typeof entry === "string" ? entry : isOne(locale, args.count) ? entry.one : entry.other;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = args[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? value.toLocaleString(locale) : value;
  });
}
