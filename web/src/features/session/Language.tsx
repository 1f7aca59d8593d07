import { announce, Button } from "@/ui";
import { changeLocale, type Locale, locales, useLocale } from "@/i18n";

/** Each language, named in itself. */
export const languageNames: Record<Locale, string> = { fr: "Français", en: "English" };

/** Changes the language, and says which one it is now. */
export async function speak(locale: Locale): Promise<void> {
  await changeLocale(locale);
  announce(languageNames[locale]);
}

/** The other language. */
export function Language() {
  const locale = useLocale();
  const other = locales.find((l) => l !== locale) ?? "fr";
  return (
    <span lang={other} className="no-print">
      <Button tone="quiet" onPress={() => void speak(other)}>
        {languageNames[other]}
      </Button>
    </span>
  );
}
