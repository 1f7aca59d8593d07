import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Card, type Column, Dialog, ErrorState, FileDrop, Form, Page, ProblemNotice, Skeleton, Table, TextArea } from "@/ui";
import { bringFile, type CampaignFile, type CampaignPublisher, endPublisher, filesQuery, publishersQuery } from "./files";
import "./campaigns.css";

/** The campaigns that came as files, and the publishers whose key the school accepts. */
export default function CampaignFilesPage() {
  const t = useT("campaignfile");
  const format = useSchoolFormat();
  const { school } = useWork();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const files = useQuery(filesQuery(school.id));
  const bring = useMutation({
    mutationFn: (file: File) => bringFile(school.id, file),
    onSuccess: async (read) => {
      await queries.invalidateQueries({ queryKey: ["school", school.id, "campaign-files"] });
      go(`/evaluations/fichiers/${read.id}`);
    },
  });
  const columns: Column<CampaignFile>[] = [
    { id: "title", head: t("campaign"), main: true, cell: (f) => <Link href={`/evaluations/fichiers/${f.id}`}>{f.title}</Link> },
    { id: "publisher", head: t("publisher"), cell: (f) => f.publisher },
    { id: "edition", head: t("edition"), end: true, cell: (f) => f.edition },
    { id: "state", head: t("state"), cell: (f) => t(`state_${f.state}`) },
    { id: "dates", head: t("dates"), cell: (f) => t("from_to", { from: format.date(f.opensAt), to: format.date(f.closesAt) }) },
  ];
  return (
    <Page title={t("title")} intro={t("intro")} back={{ href: "/evaluations", label: t("campaigns") }}>
      <Card title={t("bring")} intro={t("bring_text")}>
        <FileDrop label={t("drop")} action={t("choose")} accept={[".preau"]} onFile={(file) => bring.mutate(file)} />
        {bring.isPending && <p role="status">{t("reading")}</p>}
        {bring.error && <ProblemNotice problem={bring.error} />}
      </Card>
      <Card title={t("list")}>
        {!files.data ? (
          files.error ? <ErrorState error={files.error} onRetry={() => void files.refetch()} /> : <Skeleton rows={3} />
        ) : files.data.length === 0 ? (
          <p>{t("none")}</p>
        ) : (
          <Table label={t("list")} rows={files.data} columns={columns} rowId={(f) => f.id} rowName={(f) => f.title} />
        )}
      </Card>
      <Publishers />
    </Page>
  );
}

/** Whose keys are accepted, and the way to stop accepting one. */
function Publishers() {
  const t = useT("campaignfile");
  const format = useSchoolFormat();
  const { school, rights } = useWork();
  const publishers = useQuery(publishersQuery(school.id));
  const [ending, setEnding] = useState<CampaignPublisher | null>(null);
  if (!publishers.data) return publishers.error ? <ErrorState error={publishers.error} onRetry={() => void publishers.refetch()} /> : null;
  if (publishers.data.length === 0) return null;
  const columns: Column<CampaignPublisher>[] = [
    { id: "name", head: t("publisher"), main: true, cell: (p) => p.name },
    { id: "fingerprint", head: t("fingerprint"), cell: (p) => <Fingerprint of={p.fingerprint} /> },
    { id: "state", head: t("state"), cell: (p) => (p.endedAt ? t("ended_on", { date: format.date(p.endedAt), why: p.why ?? "" }) : t("accepted_on", { date: format.date(p.acceptedAt) })) },
    {
      id: "acts", head: t("acts"), headHidden: true,
      cell: (p) =>
        rights.leads &&
        !p.endedAt && (
          <Button tone="quiet" label={t("end_of", { name: p.name })} onPress={() => setEnding(p)}>
            {t("end")}
          </Button>
        ),
    },
  ];
  return (
    <Card title={t("publishers")} intro={t("publishers_text")}>
      <Table label={t("publishers")} rows={publishers.data} columns={columns} rowId={(p) => p.id} rowName={(p) => p.name} />
      {ending && <EndDialog publisher={ending} onClose={() => setEnding(null)} />}
    </Card>
  );
}

function EndDialog({ publisher, onClose }: { publisher: CampaignPublisher; onClose: () => void }) {
  const t = useT("campaignfile");
  const { school } = useWork();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: (why: string) => endPublisher(school.id, publisher.id, why),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["school", school.id] });
      onClose();
    },
  });
  return (
    <Dialog title={t("end_title", { name: publisher.name })} open onClose={onClose}>
      <p>{t("end_text")}</p>
      <Form onSubmit={(data) => end.mutate(String(data.get("why") ?? "").trim())} error={end.error}>
        <TextArea label={t("why")} name="why" required maxLength={500} />
        <Actions>
          <Button type="submit" tone="danger" pending={end.isPending}>
            {t("end")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** A fingerprint, to be compared group by group. */
export function Fingerprint({ of }: { of: string }) {
  return (
    <code className="fingerprint">
      {of.split(" ").map((group, i) => (
        <span key={i}>{group} </span>
      ))}
    </code>
  );
}
