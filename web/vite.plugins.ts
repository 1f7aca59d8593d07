import type { Plugin } from "vite";

const otherLanguage = /\/intl\/(?:[\w-]+\/)*(?!fr-FR|en-US)[a-z]{2}-[A-Z]{2}\.m?js$/;

/** Leaves out react-aria's own words in the thirty languages that Préau does not speak. */
export function onlyOurLanguages(): Plugin {
  return {
    name: "preau:languages",
    enforce: "pre",
    load(id) {
      return otherLanguage.test(id) ? "export default {};" : null;
    },
  };
}
