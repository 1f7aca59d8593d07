import { ExternalLink } from "lucide-react";
import { useSearchParams } from "wouter";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Empty, LinkButton, Page, Tabs } from "@/ui";
import { MapTab } from "./MapTab";
import { PersonTab } from "./PersonTab";
import { RegisterTab } from "./RegisterTab";
import { RetentionTab } from "./RetentionTab";
import { TrailTab } from "./TrailTab";
import "./privacy.css";

/** What the school keeps about people, for its head and its data protection officer. */
export default function DataPage() {
  const t = useT("privacy");
  const { school, me, rights } = useWork();
  const [search, setSearch] = useSearchParams();
  if (!rights.seesData) {
    return (
      <Page title={t("title")} over={school.name}>
        <Empty title={t("not_allowed")} />
      </Page>
    );
  }
  // An administrator who is neither head nor DPO reads, and does not act on pupils' data.
  const acts = me.grants.some((g) => (g.role === "dpo" || g.role === "head") && (g.school === null || g.school.id === school.id));
  return (
    <Page
      title={t("title")}
      over={school.name}
      intro={t("intro")}
      action={
        <LinkButton href={`/confidentialite?ecole=${school.id}`} icon={<ExternalLink aria-hidden size={18} />}>
          {t("see_notice")}
        </LinkButton>
      }
    >
      <Tabs
        label={t("tabs")}
        value={search.get("vue") ?? "registre"}
        onChange={(id) => setSearch({ vue: id }, { replace: true })}
        tabs={[
          { id: "registre", label: t("tab_register"), content: <RegisterTab school={school.id} /> },
          { id: "conservation", label: t("tab_retention"), content: <RetentionTab school={school.id} acts={acts} /> },
          ...(acts ? [{ id: "personne", label: t("tab_person"), content: <PersonTab school={school.id} /> }] : []),
          { id: "journal", label: t("tab_trail"), content: <TrailTab school={school.id} /> },
          { id: "savoir", label: t("tab_map"), content: <MapTab school={school.id} /> },
        ]}
      />
    </Page>
  );
}
