import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { groupsQuery } from "@/features/groups/api";
import { Facts } from "@/features/privacy/Facts";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Card, ConfirmDialog, ErrorState, LinkButton, Notice, Page, Skeleton } from "@/ui";
import { type Campaign, campaignQuery, distributionQuery, removeCampaign } from "./api";
import { whenOf } from "./CampaignsPage";
import "./campaigns.css";

/** How the school's pupils did, drawn, and never under the floor. */
function DistributionCard({ campaign }: { campaign: Campaign }) {
  const t = useT("campaigns");
  const { school } = useWork();
  const { data, error } = useQuery(distributionQuery(school.id, campaign.id));
  if (error) return null;
  if (!data) return <Skeleton rows={3} />;
  const most = Math.max(1, ...data.bands.map((b) => b.count ?? 0));
  return (
    <Card title={t("distribution")} intro={t("distribution_text", { count: data.floor })}>
      {data.pupils === 0 ? (
        <p>{t("distribution_few", { count: data.floor })}</p>
      ) : (
        <ul className="bands">
          {data.bands.map((band) => (
            <li key={band.from}>
              <span>{t("band", { from: band.from, to: band.to })}</span>
              <meter min={0} max={most} value={band.count ?? 0} aria-hidden />
              <span>{band.count === undefined ? t("band_hidden") : t("pupils", { count: band.count })}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Loaded({ campaign }: { campaign: Campaign }) {
  const t = useT("campaigns");
  const format = useSchoolFormat();
  const { school, rights } = useWork();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const groups = useQuery(groupsQuery(school.id));
  const [removing, setRemoving] = useState(false);
  const { policy } = campaign;
  const remove = async () => {
    await removeCampaign(school.id, campaign.id);
    await queries.invalidateQueries({ queryKey: ["school", school.id, "campaigns"] });
    go("/evaluations");
  };
  return (
    <Page
      title={campaign.title}
      back={{ href: "/evaluations", label: t("title") }}
      intro={[t(`when_${whenOf(campaign, Date.now())}`), t("from_to", { from: format.date(campaign.opensAt), to: format.date(campaign.closesAt) })].join(" · ")}
    >
      <Card title={t("groups")}>
        <ul className="campaign-groups">
          {campaign.groups.map((id) => (
            <li key={id}>
              <Link href={`/evaluations/${campaign.id}/${id}`}>{groups.data?.find((g) => g.id === id)?.name ?? t("group")}</Link>
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t("sequences")}>
        <ol>
          {policy.sequences.map((q) => (
            <li key={q.title}>{t("sequence_line", { title: q.title, minutes: t("minutes", { count: q.minutes }), stages: t("stages", { count: q.parts.length }) })}</li>
          ))}
        </ol>
      </Card>
      {rights.leadsAssessments && <DistributionCard campaign={campaign} />}
      <Card title={t("families")} intro={t("nothing_leaves")} action={campaign.fromFile && rights.leadsAssessments && <LinkButton href={`/evaluations/fichiers/${campaign.id}`}>{t("from_file")}</LinkButton>}>
        <Facts
          facts={[
            { name: t("controller"), value: policy.controller },
            { name: t("basis"), value: policy.basis },
            { name: t("notice"), value: policy.notice },
            { name: t("objection"), value: policy.objection },
          ]}
        />
      </Card>
      {campaign.begun ? (
        <Notice>{t("begun")}</Notice>
      ) : (
        <div>
          <Button tone="danger" onPress={() => setRemoving(true)}>
            {t("remove")}
          </Button>
        </div>
      )}
      <ConfirmDialog title={t("remove_title")} action={t("remove")} danger open={removing} onClose={() => setRemoving(false)} onConfirm={remove}>
        <p>{t("remove_text")}</p>
      </ConfirmDialog>
    </Page>
  );
}

/** A campaign: its groups, its sequences, what families are told. */
export default function CampaignPage() {
  const t = useT("campaigns");
  const { school } = useWork();
  const { campaign = "" } = useParams<{ campaign: string }>();
  const { data, error, refetch } = useQuery(campaignQuery(school.id, campaign));
  if (data) return <Loaded campaign={data} />;
  return <Page title={t("campaign")} back={{ href: "/evaluations", label: t("title") }}>{error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton rows={6} />}</Page>;
}
