import { useState } from "react";
import { chooseFont, chooseTheme, chosenFont, chosenTheme } from "@/app/preferences";
import { type Locale, setLocale, useLocale, useT } from "@/i18n";
import { Card, ProblemNotice, RadioGroup } from "@/ui";
import { useChangeMe } from "./api";

const languages = [
  { id: "fr", label: "Français" },
  { id: "en", label: "English" },
] as const;

/** The language of the account; the theme and the typeface of this device. */
export function Display() {
  const t = useT("account");
  const locale = useLocale();
  const [theme, setTheme] = useState(chosenTheme);
  const [font, setFont] = useState(chosenFont);
  const change = useChangeMe();
  const speak = (to: Locale) => {
    setLocale(to);
    change.mutate({ locale: to });
  };
  return (
    <Card title={t("display")}>
      {change.error && <ProblemNotice problem={change.error} />}
      <RadioGroup label={t("language")} row value={locale} onChange={speak} options={languages} />
      <RadioGroup
        label={t("theme")}
        row
        value={theme}
        onChange={(to) => {
          chooseTheme(to);
          setTheme(to);
        }}
        options={[
          { id: "auto", label: t("theme_auto") },
          { id: "light", label: t("theme_light") },
          { id: "dark", label: t("theme_dark") },
        ]}
      />
      <RadioGroup
        label={t("font")}
        row
        value={font}
        onChange={(to) => {
          chooseFont(to);
          setFont(to);
        }}
        help={t("device_only")}
        options={[
          { id: "atkinson", label: t("font_atkinson") },
          { id: "opendyslexic", label: t("font_opendyslexic") },
        ]}
      />
    </Card>
  );
}
