import { useState } from "react";
import { chooseFont, chooseTheme, chosenFont, chosenTheme } from "@/app/preferences";
import { languageNames, speak } from "@/features/session/Language";
import { type Locale, locales, useLocale, useT } from "@/i18n";
import { Actions, Button, Card, Form, RadioGroup } from "@/ui";
import { useChangeMe } from "./api";

/** The language of the account: chosen, then confirmed, so that an arrow key does not change the whole page. */
function Language() {
  const t = useT("account");
  const locale = useLocale();
  const [chosen, setChosen] = useState(locale);
  const change = useChangeMe();
  return (
    <Form error={change.error} onSubmit={() => change.mutate({ locale: chosen }, { onSuccess: () => void speak(chosen) })}>
      <RadioGroup<Locale> label={t("language")} row value={chosen} onChange={setChosen} options={locales.map((l) => ({ id: l, label: languageNames[l], lang: l }))} />
      <Actions>
        <Button type="submit" pending={change.isPending} disabled={chosen === locale}>
          {t("language_change")}
        </Button>
      </Actions>
    </Form>
  );
}

/** The language of the account; the theme and the typeface of this device. */
export function Display() {
  const t = useT("account");
  const [theme, setTheme] = useState(chosenTheme);
  const [font, setFont] = useState(chosenFont);
  return (
    <Card title={t("display")}>
      <Language />
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
