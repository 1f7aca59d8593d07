import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import { Facts } from "@/features/privacy/Facts";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Card, Checkbox, ConfirmDialog, ErrorState, Form, LinkButton, Notice, Page, Skeleton, toast } from "@/ui";
import { Fingerprint } from "./CampaignFilesPage";
import { ClearQuestions } from "./ClearQuestions";
import { acceptFile, fileQuery, type PublishedCampaign, removeFile } from "./files";
import { OpeningForm } from "./OpeningForm";
import "./campaigns.css";

/** A campaign that came as a file: who publishes it and what it declares, before anything is accepted. */
export default function CampaignFilePage() {
  const t = useT("campaignfile");
  const { school } = useWork();
  const { file = "" } = useParams<{ file: string }>();
  const { data, error, refetch } = useQuery(fileQuery(school.id, file));
  if (data) return <Loaded file={data} />;
  return <Page title={t("campaign")} back={{ href: "/evaluations/fichiers", label: t("title") }}>{error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton rows={6} />}</Page>;
}

function Loaded({ file }: { file: PublishedCampaign }) {
  const t = useT("campaignfile");
  const format = useSchoolFormat();
  const { school } = useWork();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const remove = async () => {
    await removeFile(school.id, file.id);
    go("/evaluations/fichiers");
    await queries.invalidateQueries({ queryKey: ["school", school.id, "campaign-files"], refetchType: "none" });
  };
  return (
    <Page
      title={file.title}
      intro={[t(`state_${file.state}`), t("from_to", { from: format.date(file.opensAt), to: format.date(file.closesAt) })].join(" · ")}
      back={{ href: "/evaluations/fichiers", label: t("title") }}
      narrow
    >
      {file.state === "opened" && (
        <Notice tone="tree" action={<LinkButton href={`/evaluations/${file.id}`}>{t("go")}</LinkButton>}>
          {t("is_opened")}
        </Notice>
      )}
      {file.others.map((other) => (
        <Notice key={other.id}>
          <p>
            <Link href={`/evaluations/fichiers/${other.id}`}>{t("newer_held", { edition: other.edition, state: t(`state_${other.state}`) })}</Link>
          </p>
          {file.state === "brought" && other.edition < file.edition && <p>{t("replaces")}</p>}
        </Notice>
      ))}
      {file.state === "accepted" && <OpeningForm file={file} />}
      <Signer file={file} />
      <Card title={t("families")}>
        <Facts
          facts={[
            { name: t("controller"), value: file.controller },
            { name: t("basis"), value: file.basis },
            { name: t("notice"), value: <Lines of={file.notice} /> },
            { name: t("kept"), value: t("kept_days", { count: file.keptDays }) },
            { name: t("objection"), value: <Lines of={file.objection} /> },
            { name: t("upward"), value: t(`upward_${file.upward}`) },
          ]}
        />
      </Card>
      <Content file={file} />
      {file.state === "brought" && <Accepting file={file} />}
      {file.state !== "opened" && (
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

/** Who signed, and what the school knows of them. */
function Signer({ file }: { file: PublishedCampaign }) {
  const t = useT("campaignfile");
  const format = useSchoolFormat();
  return (
    <Card title={t("who")}>
      <Facts
        facts={[
          { name: t("publisher"), value: file.publisher },
          { name: t("edition"), value: file.edition },
          { name: t("fingerprint"), value: <Fingerprint of={file.fingerprint} /> },
        ]}
      />
      {file.signer === "accepted" ? (
        <p>{t("signer_accepted")}</p>
      ) : (
        file.state === "brought" && (
          <Notice tone="sun">
            <p>{t("signer_new")}</p>
            <p>{t("compare")}</p>
          </Notice>
        )
      )}
      {file.otherName && <Notice tone="sun">{t("other_name", { name: file.otherName })}</Notice>}
      {file.former.map((key) => (
        <Notice key={key.id} tone="sun">
          {t("former", { fingerprint: key.fingerprint, date: format.date(key.endedAt ?? 0) })}
        </Notice>
      ))}
    </Card>
  );
}

function Content({ file }: { file: PublishedCampaign }) {
  const t = useT("campaignfile");
  return (
    <Card title={t("content")} intro={t("questions", { count: file.questions })}>
      {file.description && <Lines of={file.description} />}
      <ol>
        {file.sequences.map((q, i) => (
          <li key={i}>
            {t("sequence_line", { title: q.title, minutes: t("minutes", { count: q.minutes }), questions: t("questions", { count: q.questions }) })}
            {q.routed > 0 && <>, {t("sequence_routed", { count: q.routed })}</>}
          </li>
        ))}
      </ol>
      {file.aloud && <Facts facts={[{ name: t("aloud"), value: file.aloud }]} />}
      {file.calculator && <p>{t("calculator")}</p>}
      <ClearQuestions file={file} />
    </Card>
  );
}

/** Accepts what was read and, the first time, the key that was compared. */
function Accepting({ file }: { file: PublishedCampaign }) {
  const t = useT("campaignfile");
  const { school } = useWork();
  const queries = useQueryClient();
  const accept = useMutation({
    mutationFn: () => acceptFile(school.id, file.id, file.fingerprint),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["school", school.id] });
      toast(t("accepted"));
    },
  });
  if (file.keptHere > file.keptDays) {
    return (
      <Card title={t("accept_title")}>
        <Notice tone="brick">{t("kept_longer", { declared: file.keptDays, here: file.keptHere })}</Notice>
      </Card>
    );
  }
  return (
    <Card title={t("accept_title")} intro={t("accept_text")}>
      <Form onSubmit={() => accept.mutate()} error={accept.error}>
        {file.signer === "new" && (
          <Checkbox name="compared" required>
            {t("compared")}
          </Checkbox>
        )}
        <Actions>
          <Button type="submit" tone="main" pending={accept.isPending}>
            {t("accept")}
          </Button>
        </Actions>
      </Form>
    </Card>
  );
}

/** A text with its own line ends. */
function Lines({ of }: { of: string }) {
  return <p className="as-written">{of}</p>;
}
