import { useMemo } from "react";
import { type Locale, useLocale } from "./locale";

/** How dates and numbers are written. Instants are UTC milliseconds; calendar days are `2026-11-23`. */
export type Format = {
  /** "mardi 3 mars" */
  day(at: number): string;
  /** "3 mars 2026" */
  date(at: number | string): string;
  /** "8 h 30" */
  time(at: number): string;
  /** "mardi 3 mars à 8 h 30" */
  moment(at: number): string;
  /** "il y a 3 minutes" */
  ago(at: number, now: number): string;
  number(n: number): string;
};

const NBSP = "\u00a0";

/** A calendar day at noon UTC, so that no time zone moves it. */
function instant(at: number | string): Date {
  return new Date(typeof at === "number" ? at : `${at}T12:00:00Z`);
}

/** Makes the formats of a language, in an IANA zone (the browser's own when none is given). */
export function formats(locale: Locale, zone?: string): Format {
  const tag = locale === "fr" ? "fr-FR" : "en-GB";
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, { timeZone: zone, ...options });
  const day = make({ weekday: "long", day: "numeric", month: "long" });
  const date = make({ day: "numeric", month: "long", year: "numeric" });
  const calendar = new Intl.DateTimeFormat(tag, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const clock = make({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const numbers = new Intl.NumberFormat(tag);

  const time = (at: number): string => {
    if (locale === "en") return clock.format(at);
    const parts = clock.formatToParts(at);
    const of = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
    return `${Number(of("hour"))}${NBSP}h${NBSP}${of("minute")}`;
  };
  const dayOf = (at: number): string => day.format(at).replace(/\b1 (?=\p{L})/u, locale === "fr" ? `1er${NBSP}` : "1 ");
  return {
    day: dayOf,
    date: (at) => {
      const text = (typeof at === "number" ? date : calendar).format(instant(at));
      return locale === "fr" ? text.replace(/^1 /, "1er ") : text;
    },
    time,
    moment: (at) => (locale === "fr" ? `${dayOf(at)} à${NBSP}${time(at)}` : `${dayOf(at)} at ${time(at)}`),
    ago: (at, now) => {
      const seconds = Math.min(0, Math.round((at - now) / 1000));
      if (seconds > -60) return relative.format(0, "second");
      if (seconds > -3600) return relative.format(Math.round(seconds / 60), "minute");
      if (seconds > -86400) return relative.format(Math.round(seconds / 3600), "hour");
      return relative.format(Math.round(seconds / 86400), "day");
    },
    number: (n) => numbers.format(n),
  };
}

/** The formats of the page's language. */
export function useFormat(zone?: string): Format {
  const locale = useLocale();
  return useMemo(() => formats(locale, zone), [locale, zone]);
}
