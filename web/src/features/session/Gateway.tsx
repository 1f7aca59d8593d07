import type { ReactNode } from "react";
import { useT } from "@/i18n";
import { OfflineBanner, PlainAddress, SkipLink, useHeading } from "@/ui";
import { Language } from "./Language";
import { Mark, Yard } from "./Mark";
import "./Gateway.css";

/** A page before one is signed in: a drawing, a title, one thing to do. */
export function Gateway({ title, intro, children, wide }: { title: string; intro?: ReactNode; children: ReactNode; wide?: boolean }) {
  const t = useT("session");
  const heading = useHeading(title);
  return (
    <div className="gateway">
      <SkipLink />
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
      <main id="contenu" tabIndex={-1} className={`gateway-card${wide ? " gateway-wide" : ""}`}>
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
