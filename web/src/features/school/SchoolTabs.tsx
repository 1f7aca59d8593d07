import { useT } from "@/i18n";
import { PageTabs } from "@/ui";

/** The pages about the school. */
export function SchoolTabs() {
  const t = useT("school");
  return (
    <PageTabs
      label={t("title")}
      pages={[
        { href: "/etablissement", label: t("tab_school") },
        { href: "/etablissement/personnel", label: t("tab_staff") },
        { href: "/etablissement/annees", label: t("tab_years") },
      ]}
    />
  );
}
