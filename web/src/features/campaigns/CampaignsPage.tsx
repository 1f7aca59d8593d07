import { useQuery } from "@tanstack/react-query";
import { FileDown, Library, PencilLine, Plus } from "lucide-react";
import { Link } from "wouter";
import { groupsQuery } from "@/features/groups/api";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Card, type Column, Empty, ErrorState, LinkButton, Page, Skeleton, Table } from "@/ui";
import { type Campaign, campaignsQuery } from "./api";
import { filesQuery } from "./files";
import "./campaigns.css";

/** Where a campaign stands in time. */
export function whenOf(campaign: Campaign, now: number): "coming" | "open" | "closed" {
  return now < campaign.opensAt ? "coming" : now < campaign.closesAt ? "open" : "closed";
}

/** The campaigns of the school that reach one's groups. */
export default function CampaignsPage() {
  const t = useT("campaigns");
  const format = useSchoolFormat();
  const { school, rights } = useWork();
  const campaigns = useQuery(campaignsQuery(school.id));
  const groups = useQuery(groupsQuery(school.id));
  const nameOf = (id: string) => groups.data?.find((g) => g.id === id)?.name ?? "";
  const columns: Column<Campaign>[] = [
    { id: "title", head: t("campaign"), main: true, cell: (c) => <Link href={`/evaluations/${c.id}`}>{c.title}</Link> },
    { id: "when", head: t("when"), cell: (c) => t(`when_${whenOf(c, Date.now())}`) },
    { id: "dates", head: t("dates"), cell: (c) => t("from_to", { from: format.date(c.opensAt), to: format.date(c.closesAt) }) },
    { id: "groups", head: t("groups"), cell: (c) => c.groups.map(nameOf).filter(Boolean).join(", ") },
  ];
  return (
    <Page
      title={t("title")}
      action={
        <>
          <LinkButton href="/evaluations/nouvelle" tone="main" icon={<Plus aria-hidden size={18} />}>
            {t("give")}
          </LinkButton>
          <LinkButton href="/evaluations/banque" icon={<Library aria-hidden size={18} />}>
            {t("bank")}
          </LinkButton>
          {rights.leadsAssessments && (
            <LinkButton href="/evaluations/fichiers" icon={<FileDown aria-hidden size={18} />}>
              {t("files")}
            </LinkButton>
          )}
        </>
      }
    >
      {rights.leadsAssessments && <Waiting />}
      {!campaigns.data ? (
        campaigns.error ? <ErrorState error={campaigns.error} onRetry={() => void campaigns.refetch()} /> : <Skeleton rows={4} />
      ) : campaigns.data.length === 0 ? (
        <Empty icon={<PencilLine aria-hidden size={32} />} title={t("none_title")} action={<LinkButton href="/evaluations/banque">{t("bank")}</LinkButton>}>
          {t("none_text")}
        </Empty>
      ) : (
        <Table label={t("title")} rows={campaigns.data} columns={columns} rowId={(c) => c.id} rowName={(c) => c.title} />
      )}
    </Page>
  );
}

/** Campaigns that came as files and wait for somebody: first on the page, nothing when there are none. */
function Waiting() {
  const t = useT("campaignfile");
  const { school } = useWork();
  const files = useQuery(filesQuery(school.id));
  const waiting = (files.data ?? []).filter((f) => f.state === "brought" || f.state === "accepted");
  if (waiting.length === 0) return null;
  return (
    <Card title={t("waiting")}>
      <ul className="campaign-groups">
        {waiting.map((f) => (
          <li key={f.id}>
            <Link href={`/evaluations/fichiers/${f.id}`}>{t("waiting_line", { title: f.title, state: t(`state_${f.state}`) })}</Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
