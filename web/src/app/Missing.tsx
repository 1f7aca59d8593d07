import { useT } from "@/i18n";
import { LinkButton, useHeading } from "@/ui";
import "./Guard.css";

/** No page has this address: inside the shell of staff. */
export function MissingPage() {
  const t = useT("ui");
  const heading = useHeading(t("missing_title"));
  return (
    <div className="guard">
      <h1 ref={heading} tabIndex={-1}>
        {t("missing_title")}
      </h1>
      <p>{t("missing_text")}</p>
      <LinkButton href="/" tone="main">
        {t("missing_home")}
      </LinkButton>
    </div>
  );
}

/** No page has this address. */
export function Missing() {
  return (
    <main>
      <MissingPage />
    </main>
  );
}
