import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { endOfDay } from "@/features/school/moment";
import { useT } from "@/i18n";
import { Actions, Button, type Column, ConfirmDialog, DateField, Dialog, Empty, ErrorState, Form, Notice, Page, RadioGroup, Select, Skeleton, Table, TextField, toast } from "@/ui";
import { type Consent, consentsQuery, deskPiecesQuery, journalKey, type NewConsent, pieceQuery, recordConsent, tieConsent, withdrawConsent } from "../api";
import { JournalTabs } from "../JournalTabs";
import { partsAt } from "../moment";
import { usePlace, usePlaceFormat } from "../place";
import { titleOf } from "../words";
import { filesOf } from "./files";
import { SeatChoice } from "./SeatChoice";

const YEAR = 365 * 86_400_000;
const whats = ["image", "name", "voice"] as const;

function Recording({ onClose }: { onClose: () => void }) {
  const t = useT("desk");
  const { school, zone } = usePlace();
  const queries = useQueryClient();
  const [seat, setSeat] = useState<string | null>(null);
  const [by, setBy] = useState<"parental" | "adult">("parental");
  const record = useMutation({
    mutationFn: (body: NewConsent) => recordConsent(school, body),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: journalKey(school, "consents") });
      toast(t("consent_recorded"));
      onClose();
    },
  });
  return (
    <Dialog title={t("consent_record")} open onClose={onClose}>
      <p>{t("consent_paper")}</p>
      <Form
        onSubmit={(data) => {
          const text = (name: string) => String(data.get(name) ?? "").trim();
          record.mutate({
            seatId: seat ?? "", what: text("what") as NewConsent["what"], purpose: text("purpose"), medium: text("medium"),
            parental: by === "parental", adult: by === "adult", until: endOfDay(text("until"), zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone),
          });
        }}
        error={record.error}
      >
        <SeatChoice name="seatId" onChange={setSeat} />
        <RadioGroup label={t("consent_what")} name="what" defaultValue="image" options={whats.map((id) => ({ id, label: t(`consent_${id}`) }))} />
        <TextField label={t("consent_purpose")} name="purpose" required maxLength={300} help={t("consent_purpose_help")} wide />
        <TextField label={t("consent_medium")} name="medium" required maxLength={160} defaultValue={t("consent_medium_usual")} wide />
        <RadioGroup label={t("consent_by")} value={by} onChange={setBy} options={[{ id: "parental", label: t("consent_parental") }, { id: "adult", label: t("consent_adult") }]} />
        <DateField label={t("until")} name="until" required defaultValue={partsAt(Date.now() + YEAR, zone).day} help={t("consent_until_help")} />
        <Actions>
          <Button type="submit" tone="main" pending={record.isPending}>
            {t("consent_record")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

function Tying({ consent, onClose }: { consent: Consent; onClose: () => void }) {
  const t = useT("desk");
  const { school } = usePlace();
  const queries = useQueryClient();
  const published = useQuery(deskPiecesQuery(school, "published"));
  const waiting = useQuery(deskPiecesQuery(school, "waiting"));
  const [piece, setPiece] = useState<string | null>(null);
  const detail = useQuery({ ...pieceQuery(school, piece ?? ""), enabled: piece !== null });
  const tie = useMutation({
    mutationFn: (subject: string) => tieConsent(school, consent.id, subject),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: journalKey(school, "consents") });
      toast(t("consent_tied"));
      onClose();
    },
  });
  const pieces = [...new Map([...(waiting.data ?? []), ...(published.data ?? [])].map((p) => [p.id, p])).values()];
  const files = detail.data ? filesOf(detail.data.work) : [];
  return (
    <Dialog title={t("consent_tie")} open onClose={onClose}>
      <p>{t(consent.what === "name" ? "consent_tie_name" : "consent_tie_file")}</p>
      <Form onSubmit={(data) => tie.mutate(String(data.get(consent.what === "name" ? "piece" : "file") ?? ""))} error={tie.error}>
        <Select label={t("piece")} name="piece" required value={piece} options={pieces.map((p) => ({ id: p.id, label: titleOf(t, p) }))} onChange={setPiece} wide />
        {consent.what !== "name" && piece && <Select key={piece} label={t("picture")} name="file" required options={files.map((f, i) => ({ id: f.id, label: f.alt || t("document_number", { count: i + 1 }) }))} wide />}
        <Actions>
          <Button type="submit" tone="main" pending={tie.isPending}>
            {t("consent_tie")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** The authorisations to show a name, a face or a voice: recorded, tied to what they cover, withdrawn. */
export default function ConsentsPage() {
  const t = useT("desk");
  const { school } = usePlace();
  const format = usePlaceFormat();
  const queries = useQueryClient();
  const [recording, setRecording] = useState(false);
  const [tying, setTying] = useState<Consent | null>(null);
  const [ending, setEnding] = useState<Consent | null>(null);
  const consents = useQuery(consentsQuery(school));
  const now = Date.now();
  const lives = (c: Consent) => c.withdrawnAt === undefined && c.until > now;
  const columns: Column<Consent>[] = [
    { id: "who", head: t("who"), main: true, cell: (c) => c.who || t("nobody") },
    { id: "what", head: t("consent_what"), cell: (c) => t(`consent_${c.what}`) },
    { id: "purpose", head: t("consent_purpose"), cell: (c) => `${c.purpose} · ${c.medium}` },
    { id: "until", head: t("until"), cell: (c) => (c.withdrawnAt !== undefined ? t("consent_ended", { date: format.date(c.withdrawnAt) }) : format.date(c.until)) },
    { id: "uses", head: t("consent_uses"), cell: (c) => t("uses", { count: c.uses.length }) },
    {
      id: "acts",
      head: t("acts"),
      headHidden: true,
      plain: true,
      cell: (c) =>
        lives(c) && (
          <div className="desk-row">
            <Button onPress={() => setTying(c)} label={t("consent_tie_of", { name: c.who })}>
              {t("consent_tie")}
            </Button>
            <Button tone="danger" onPress={() => setEnding(c)} label={t("consent_withdraw_of", { name: c.who })}>
              {t("consent_withdraw")}
            </Button>
          </div>
        ),
    },
  ];
  return (
    <Page
      title={t("tab_consents")}
      intro={t("consents_intro")}
      action={
        <Button tone="main" icon={<Plus aria-hidden size={18} />} onPress={() => setRecording(true)}>
          {t("consent_record")}
        </Button>
      }
    >
      <JournalTabs />
      <Notice>{t("consents_names")}</Notice>
      {!consents.data ? (
        consents.error ? <ErrorState error={consents.error} onRetry={() => void consents.refetch()} /> : <Skeleton rows={4} />
      ) : consents.data.length === 0 ? (
        <Empty title={t("consents_none")} />
      ) : (
        <Table label={t("tab_consents")} rows={consents.data} columns={columns} rowId={(c) => c.id} rowName={(c) => c.who} />
      )}
      {recording && <Recording onClose={() => setRecording(false)} />}
      {tying && <Tying consent={tying} onClose={() => setTying(null)} />}
      <ConfirmDialog
        title={t("consent_withdraw")}
        action={t("consent_withdraw")}
        danger
        open={ending !== null}
        onClose={() => setEnding(null)}
        onConfirm={async () => {
          if (ending) await withdrawConsent(school, ending.id);
          await queries.invalidateQueries({ queryKey: journalKey(school) });
        }}
      >
        <p>{t("consent_withdraw_text")}</p>
      </ConfirmDialog>
    </Page>
  );
}
