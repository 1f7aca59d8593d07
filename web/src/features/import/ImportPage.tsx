import { useT } from "@/i18n";
import { Notice, Page } from "@/ui";
import { useWork } from "../session/school";
import { ImportJourney } from "./ImportJourney";

/** /groupes/importer */
export default function ImportPage() {
  const t = useT("import");
  const { school, rights } = useWork();
  if (rights.manages) return <ImportJourney schoolId={school.id} />;
  return (
    <Page title={t("title")} back={{ href: "/groupes", label: t("back_to_groups") }} narrow>
      <Notice tone="sun">{t("no_right")}</Notice>
    </Page>
  );
}
