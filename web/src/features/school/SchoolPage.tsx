import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Card, ErrorState, Form, LinkButton, Page, Skeleton, toast } from "@/ui";
import { type School, schoolQuery, useChangeSchool } from "./api";
import { SchoolController, type SchoolDraft, SchoolIdentity } from "./SchoolFields";
import { SchoolTabs } from "./SchoolTabs";
import "./school.css";

function draftOf(school: School): SchoolDraft {
  return {
    name: school.name,
    kind: school.kind,
    zone: school.zone,
    uai: school.uai ?? "",
    controllerName: school.controllerName,
    controllerRole: school.controllerRole,
    controllerContact: school.controllerContact,
    processor: school.processor ?? "",
    dpoContact: school.dpoContact ?? "",
  };
}

function Settings({ school }: { school: School }) {
  const t = useT("school");
  const [draft, setDraft] = useState(() => draftOf(school));
  const change = useChangeSchool(school.id);
  return (
    <Form error={change.error} onSubmit={() => change.mutate(draft, { onSuccess: () => toast(t("saved")) })}>
      <Card title={t("identity")}>
        <SchoolIdentity value={draft} onChange={setDraft} />
      </Card>
      <Card title={t("data")} intro={t(draft.kind === "ecole" ? "data_ecole" : "data_head")} action={<LinkButton href="/confidentialite">{t("see_notice")}</LinkButton>}>
        <SchoolController value={draft} onChange={setDraft} />
      </Card>
      <Actions>
        <Button type="submit" tone="main" pending={change.isPending}>
          {t("save")}
        </Button>
      </Actions>
    </Form>
  );
}

function Reading({ school }: { school: School }) {
  const t = useT("school");
  const lines: [string, string | null][] = [
    [t("name"), school.name],
    [t("uai"), school.uai],
    [t("zone"), school.zone],
    [t("controller_name"), `${school.controllerName} (${school.controllerRole})`],
    [t("controller_contact"), school.controllerContact],
    [t("processor"), school.processor],
    [t("dpo_contact"), school.dpoContact],
  ];
  return (
    <Card title={t("identity")}>
      <dl className="facts">
        {lines.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value ?? t("unset")}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** What the school is, and who answers for its data. */
export default function SchoolPage() {
  const t = useT("school");
  const { school, rights } = useWork();
  const query = useQuery(schoolQuery(school.id));
  return (
    <Page title={t("title")} over={school.name}>
      <SchoolTabs />
      {query.isLoadingError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton rows={6} />
      ) : rights.leads ? (
        <Settings school={query.data} />
      ) : (
        <Reading school={query.data} />
      )}
    </Page>
  );
}
