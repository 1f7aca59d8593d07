import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "wouter";
import { groupQuery } from "@/features/groups/api";
import { BookletCard } from "@/features/booklet/BookletCard";
import { FluencyView } from "@/features/fluency/FluencyView";
import { DoubleEntry } from "@/features/invigilation/DoubleEntry";
import { PaperGrid } from "@/features/invigilation/PaperGrid";
import { RoomView } from "@/features/invigilation/RoomView";
import { MarkingView } from "@/features/marking/MarkingView";
import { ResultsView } from "@/features/results/ResultsView";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { ErrorState, Page, Select, Skeleton, Tabs } from "@/ui";
import { campaignQuery } from "./api";
import "./campaigns.css";

const views = ["salle", "resultats", "papier", "voix", "longues"] as const;

/** A group in a campaign: its room, its results, what is keyed from paper. */
export default function CampaignGroupPage() {
  const t = useT("campaigns");
  const { school } = useWork();
  const { campaign: id = "", group: groupId = "" } = useParams<{ campaign: string; group: string }>();
  const [search, setSearch] = useSearchParams();
  const campaign = useQuery(campaignQuery(school.id, id));
  const group = useQuery(groupQuery(school.id, groupId));
  const sequence = Number(search.get("sequence") ?? "0");
  const view = views.find((v) => v === search.get("vue")) ?? "salle";
  const set = (name: string, value: string) => setSearch((before) => ({ ...Object.fromEntries(before), [name]: value }), { replace: true });
  if (!campaign.data || !group.data) {
    const error = campaign.error ?? group.error;
    return <Page title={t("campaign")} back={{ href: `/evaluations/${id}`, label: t("campaign") }}>{error ? <ErrorState error={error} onRetry={() => void (campaign.error ? campaign.refetch() : group.refetch())} /> : <Skeleton rows={6} />}</Page>;
  }
  const at = { school: school.id, campaign: id, group: groupId, sequence };
  const choice = campaign.data.policy.sequences.length > 1 && (
    <Select label={t("sequence")} value={String(sequence)} onChange={(value) => set("sequence", value)} options={campaign.data.policy.sequences.map((q, i) => ({ id: String(i), label: q.title }))} />
  );
  return (
    <Page title={t("group_in", { group: group.data.group.name, campaign: campaign.data.title })} back={{ href: `/evaluations/${id}`, label: campaign.data.title }}>
      <Tabs
        label={t("views")}
        value={view}
        onChange={(to) => set("vue", to)}
        tabs={[
          { id: "salle", label: t("room"), content: <>{choice}<RoomView key={sequence} at={at} /></> },
          { id: "resultats", label: t("results"), content: <ResultsView at={at} campaign={campaign.data} seats={group.data.seats} /> },
          { id: "papier", label: t("paper"), content: <div className="paper-tab">{choice}<BookletCard key={`b${sequence}`} at={at} seats={group.data.seats} /><PaperGrid key={sequence} at={at} campaign={campaign.data} seats={group.data.seats} /><DoubleEntry key={`d${sequence}`} at={at} campaign={campaign.data} seats={group.data.seats} /></div> },
          { id: "voix", label: t("aloud"), content: <FluencyView at={at} campaign={campaign.data} seats={group.data.seats} /> },
          { id: "longues", label: t("marking"), content: <MarkingView at={at} campaign={campaign.data} seats={group.data.seats} /> },
        ]}
      />
    </Page>
  );
}
