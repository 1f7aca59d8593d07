import { useT } from "@/i18n";
import { PageTabs } from "@/ui";
import { answers, moderates, reviews, usePlace } from "./place";

/** The journal's pages that the person may open. Nothing to choose from: nothing shown. */
export function JournalTabs() {
  const t = useT("desk");
  const { base, me, as } = usePlace();
  const leads = as === "staff" && (me.editor || me.head);
  const pages = [
    { href: base, label: t("tab_mine") },
    ...(reviews(me) ? [{ href: `${base}/relecture`, label: t("tab_desk") }] : []),
    ...(moderates(me) ? [{ href: `${base}/complements`, label: t("tab_queue") }, { href: `${base}/signalements`, label: t("tab_reports") }] : []),
    ...(answers(me) ? [{ href: `${base}/reponses`, label: t("tab_replies") }] : []),
    ...(leads
      ? [
          { href: `${base}/decisions`, label: t("tab_decisions") },
          { href: `${base}/autorisations`, label: t("tab_consents") },
          { href: `${base}/rubriques`, label: t("tab_axes") },
          { href: `${base}/mandats`, label: t("tab_mandates") },
        ]
      : []),
    ...(leads ? [{ href: `${base}/reglages`, label: t("tab_settings") }] : []),
  ];
  return pages.length > 1 ? <PageTabs label={t("title")} pages={pages} /> : null;
}
