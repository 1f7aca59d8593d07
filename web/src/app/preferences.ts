import { keys, read, remove, write } from "@/storage";

export type Theme = "light" | "dark" | "auto";
export type Font = "atkinson" | "opendyslexic";

/** The theme chosen on this device. */
export function chosenTheme(): Theme {
  return read(keys.theme) ?? "auto";
}

/** The typeface chosen on this device. */
export function chosenFont(): Font {
  return read(keys.font) ?? "atkinson";
}

/** Keeps and applies a theme. */
export function chooseTheme(theme: Theme): void {
  if (theme === "auto") remove(keys.theme);
  else write(keys.theme, theme);
  applyPreferences();
}

/** Keeps and applies a typeface. */
export function chooseFont(font: Font): void {
  if (font === "atkinson") remove(keys.font);
  else write(keys.font, font);
  applyPreferences();
}

/** Puts the choices of this device on <html>. OpenDyslexic is fetched only when chosen. */
export function applyPreferences(): void {
  const root = document.documentElement;
  const theme = chosenTheme();
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  if (chosenFont() === "opendyslexic") {
    void import("./opendyslexic.css");
    root.dataset.font = "opendyslexic";
  } else delete root.dataset.font;
}
