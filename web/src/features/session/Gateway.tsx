import type { ReactNode } from "react";
import { currentLocale, locales, setLocale, useT } from "@/i18n";
import { Button, OfflineBanner, PlainAddress, useHeading } from "@/ui";
import { Mark, Yard } from "./Mark";
import "./Gateway.css";

const languageNames = { fr: "Français", en: "English" } as const;

/** The other language, named in itself. */
function Language() {
  const other = locales.find((l) => l !== currentLocale()) ?? "fr";
  return (
    <span lang={other} className="no-print">
      <Button tone="quiet" onPress={() => setLocale(other)}>
        {languageNames[other]}
      </Button>
    </span>
  );
}

/** A page before one is signed in: a drawing, a title, one thing to do. */
export function Gateway({ title, intro, children, wide }: { title: string; intro?: ReactNode; children: ReactNode; wide?: boolean }) {
  const t = useT("session");
  const heading = useHeading(title);
  return (
    <div className="gateway">
      <OfflineBanner />
      <header className="gateway-head">
        <a href="/" className="gateway-mark">
          <Mark size={32} />
          <span>{t("name")}</span>
        </a>
        <Language />
      </header>
      <div className="gateway-yard">
        <Yard />
      </div>
      <main className={`gateway-card${wide ? " gateway-wide" : ""}`}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {intro && <p className="gateway-intro">{intro}</p>}
        <PlainAddress />
        {children}
      </main>
      <footer className="gateway-foot no-print">
        <a href="/">{t("pupil_door")}</a>
        <a href="/confidentialite">{t("privacy")}</a>
      </footer>
    </div>
  );
}
