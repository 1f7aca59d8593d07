import { useT } from "@/i18n";
import { isPlainAddress, Notice, Page, PlainAddress } from "@/ui";
import { useWork } from "../session/school";
import { ImportJourney } from "./ImportJourney";

/** /groupes/importer */
export default function ImportPage() {
  const t = useT("import");
  const { school, rights } = useWork();
  const plain = isPlainAddress();
  if (rights.manages && !plain) return <ImportJourney schoolId={school.id} />;
  return (
    <Page title={t("title")} back={{ href: "/groupes", label: t("back_to_groups") }} narrow>
      {plain ? <PlainAddress /> : <Notice tone="sun">{t("no_right")}</Notice>}
    </Page>
  );
}
