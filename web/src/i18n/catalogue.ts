import { use, useCallback } from "react";
import { currentLocale, type Locale, setLocale, useLocale } from "./locale";
import { type Args, type Texts, fill } from "./text";

// Those that only the server writes are left out.
const files = import.meta.glob<Texts>(
  ["../../../internal/i18n/catalogue/*/*.json", "!**/{cli,datamap,http,identity,ops,roster,store}.json"],
  { import: "default" },
);

const loading = new Map<string, Promise<Texts>>();

/** Loads a domain's texts in a language; once loaded they stay. */
export function loadTexts(locale: Locale, domain: string): Promise<Texts> {
  const id = `${locale}/${domain}`;
  let promise = loading.get(id);
  if (!promise) {
    const file = files[`../../../internal/i18n/catalogue/${id}.json`];
    if (!file) throw new Error(`no catalogue ${id}`);
    promise = file();
    // React reads these two to give what is already here without suspending again.
    const known: Promise<Texts> & { status?: string; value?: Texts } = promise;
    promise.then(
      (texts) => {
        known.value = texts;
        known.status = "fulfilled";
      },
      () => loading.delete(id),
    );
    loading.set(id, promise);
  }
  return promise;
}

/**
 * Changes the language once the texts on the page are there in it: nothing is
 * taken off the page meanwhile, and focus stays where it is.
 */
export async function changeLocale(to: Locale): Promise<void> {
  const here = `${currentLocale()}/`;
  const domains = [...loading.keys()].filter((id) => id.startsWith(here)).map((id) => id.slice(here.length));
  await Promise.allSettled(domains.map((domain) => loadTexts(to, domain)));
  setLocale(to);
}

/** Gives the text of a key with its arguments filled in; an unknown key gives itself. */
export type T = (key: string, args?: Args) => string;

/**
 * The texts of a domain, in the language of the page. The catalogue loads with
 * the first component that asks for it, which suspends meanwhile.
 */
export function useT(domain: string): T {
  const locale = useLocale();
  const texts = use(loadTexts(locale, domain));
  return useCallback((key, args) => fill(locale, texts[key] ?? `${domain}.${key}`, args), [locale, texts, domain]);
}
