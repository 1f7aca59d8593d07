import { Settings2 } from "lucide-react";
import { useT } from "@/i18n";
import { Menu, PageTabs } from "@/ui";
import { answers, moderates, reviews, usePlace } from "./place";

/** The journal's pages that the person may open: those of every day as tabs, the others behind one button. */
export function JournalTabs() {
  const t = useT("desk");
  const { base, me, as } = usePlace();
  const pages = [
    { href: base, label: t("tab_mine") },
    ...(reviews(me) ? [{ href: `${base}/relecture`, label: t("tab_desk") }] : []),
    ...(moderates(me)
      ? [
          { href: `${base}/complements`, label: t("tab_queue") },
          { href: `${base}/signalements`, label: t("tab_reports") },
        ]
      : []),
    ...(answers(me) ? [{ href: `${base}/reponses`, label: t("tab_replies") }] : []),
  ];
  if (pages.length < 2) return null;
  return (
    <div className="journal-tabs no-print">
      <PageTabs label={t("title")} pages={pages} />
      {as === "staff" && (me.editor || me.head) && (
        <Menu
          word={t("manage")}
          icon={<Settings2 aria-hidden size={18} />}
          entries={[
            { id: "decisions", label: t("tab_decisions"), href: `${base}/decisions` },
            { id: "consents", label: t("tab_consents"), href: `${base}/autorisations` },
            { id: "axes", label: t("tab_axes"), href: `${base}/rubriques` },
            { id: "mandates", label: t("tab_mandates"), href: `${base}/mandats` },
            { id: "held", label: t("tab_held"), href: `${base}/images` },
            { id: "move", label: t("tab_move"), href: `${base}/demenagement` },
            { id: "settings", label: t("tab_settings"), href: `${base}/reglages` },
          ]}
        />
      )}
    </div>
  );
}
