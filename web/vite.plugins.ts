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

const overlayWords = /react-aria\/dist\/private\/intl\/overlays\/fr-FR\.mjs$/;

/** Says « Fermer » where react-aria says « Rejeter » to a screen reader, beside each dialog and list. Fails the build if its words move. */
export function closeInFrench(): Plugin {
  let said = false;
  return {
    name: "preau:close-in-french",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!overlayWords.test(id)) return null;
      said = code.includes("Rejeter");
      return code.replace("Rejeter", "Fermer");
    },
    buildEnd(error) {
      if (!error && !said) this.error("react-aria's French word for closing is not where it was");
    },
  };
}
