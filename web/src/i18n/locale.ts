import { useSyncExternalStore } from "react";
import { keys, write } from "@/storage";

/** A language of the interface. */
export type Locale = "fr" | "en";

/** The languages, the first being the default. */
export const locales: readonly Locale[] = ["fr", "en"];

const listeners = new Set<() => void>();

/** The language of the page: the one the server wrote in <html lang>, or the one chosen since. */
export function currentLocale(): Locale {
  return typeof document !== "undefined" && document.documentElement.lang === "en" ? "en" : "fr";
}

/** Changes the language of the page and of the server's messages. */
export function setLocale(locale: Locale): void {
  write(keys.language, locale);
  document.documentElement.lang = locale;
  for (const heard of listeners) heard();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The language of the page, followed as it changes. */
export function useLocale(): Locale {
  return useSyncExternalStore(subscribe, currentLocale, currentLocale);
}
