import { useT } from "@/i18n";
import "./SkipLink.css";

/** Takes keyboard and screen-reader users to the page's own content, `<main id="contenu" tabIndex={-1}>`. */
export function SkipLink() {
  const t = useT("ui");
  return (
    <a className="skip" href="#contenu">
      {t("skip")}
    </a>
  );
}
