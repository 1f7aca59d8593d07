/**
 * Texts, dates and numbers.
 *
 *     const t = useT("groups");
 *     t("title"); t("seats", { count: 24 });
 *
 * The catalogues are the server's own (internal/i18n/catalogue), one JSON file
 * per language and domain, loaded with the page that uses it.
 */
export { currentLocale, type Locale, locales, useLocale } from "./locale";
export { type Args, fill } from "./text";
export { changeLocale, loadTexts, type T, useT } from "./catalogue";
export { type Format, formats, useFormat } from "./format";
