import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { endOfDay } from "@/features/school/moment";
import { useT } from "@/i18n";
import { Actions, Button, Card, type Column, ComboBox, ConfirmDialog, DateField, Dialog, ErrorState, type Faults, Form, Page, RadioGroup, Skeleton, Table, toast } from "@/ui";
import { endMandate, giveMandate, journalKey, type Mandate, mandatesQuery, type NewMandate, peersQuery } from "../api";
import { JournalTabs } from "../JournalTabs";
import { instantAt, partsAt } from "../moment";
import { usePlace, usePlaceFormat } from "../place";
import { SeatChoice } from "./SeatChoice";
import { nextTurn } from "./turns";

const WEEK = 7 * 86_400_000;

function Giving({ kind, mandates, onClose }: { kind: Mandate["kind"]; mandates: readonly Mandate[]; onClose: () => void }) {
  const t = useT("desk");
  const { school, zone, me } = usePlace();
  const queries = useQueryClient();
  const pupils = me.regime === "pupils";
  const [to, setTo] = useState<"staff" | "seat">(kind === "board" ? "seat" : "staff");
  const [seat, setSeat] = useState<string | null>(null);
  const [peer, setPeer] = useState<string | null>(null);
  const peers = useQuery({ ...peersQuery(school), enabled: to === "staff" });
  const begins = kind === "moderation" ? nextTurn(mandates, Date.now()) : Date.now();
  const give = useMutation({
    mutationFn: (body: NewMandate) => giveMandate(school, body),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: journalKey(school) });
      toast(t("mandate_given"));
      onClose();
    },
  });
  const submit = (data: FormData): Faults | undefined => {
    const from = instantAt(String(data.get("from")), "00:00", zone);
    const until = endOfDay(String(data.get("until")), zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
    if (until <= from) return { until: t("until_before") };
    give.mutate({ kind, startsAt: from, until, ...(to === "seat" ? { seatId: seat ?? undefined } : { staffId: peer ?? undefined }) });
    return undefined;
  };
  return (
    <Dialog title={t(kind === "board" ? "board_add" : "turn_add")} open onClose={onClose}>
      <Form onSubmit={submit} error={give.error}>
        {kind === "moderation" && pupils && (
          <RadioGroup label={t("turn_whose")} value={to} onChange={setTo} options={[{ id: "staff", label: t("turn_staff") }, { id: "seat", label: t("turn_seat") }]} />
        )}
        {to === "seat" ? (
          <SeatChoice name="seatId" onChange={setSeat} />
        ) : peers.data ? (
          <ComboBox label={t("colleague")} name="staffId" required options={peers.data.map((p) => ({ id: p.id, label: p.name }))} onChange={setPeer} />
        ) : peers.error ? (
          <ErrorState error={peers.error} onRetry={() => void peers.refetch()} />
        ) : (
          <Skeleton rows={1} />
        )}
        <DateField label={t("from")} name="from" required defaultValue={partsAt(begins, zone).day} />
        <DateField label={t("until")} name="until" required defaultValue={partsAt(begins + (kind === "board" ? 26 * WEEK : WEEK), zone).day} />
        <Actions>
          <Button type="submit" tone="main" pending={give.isPending}>
            {t(kind === "board" ? "board_add" : "turn_add")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** Who is on the pupils' board, and whose turn it is to moderate. */
export default function MandatesPage() {
  const t = useT("desk");
  const { school, me } = usePlace();
  const format = usePlaceFormat();
  const queries = useQueryClient();
  const [giving, setGiving] = useState<Mandate["kind"] | null>(null);
  const [ending, setEnding] = useState<Mandate | null>(null);
  const mandates = useQuery(mandatesQuery(school));
  const now = Date.now();
  const columns: Column<Mandate>[] = [
    { id: "who", head: t("who"), main: true, cell: (m) => m.who || t("nobody") },
    { id: "from", head: t("from"), cell: (m) => format.date(m.startsAt) },
    { id: "until", head: t("until"), cell: (m) => format.date(m.until) },
    { id: "now", head: t("stands"), cell: (m) => t(m.startsAt <= now ? "mandate_now" : "mandate_coming") },
    {
      id: "end",
      head: t("acts"),
      headHidden: true,
      plain: true,
      cell: (m) => (
        <Button onPress={() => setEnding(m)} label={t("mandate_end_of", { name: m.who })}>
          {t("mandate_end")}
        </Button>
      ),
    },
  ];
  const of = (kind: Mandate["kind"]) => (mandates.data ?? []).filter((m) => m.kind === kind);
  const shelf = (kind: Mandate["kind"], none: string) =>
    !mandates.data ? (
      mandates.error ? <ErrorState error={mandates.error} onRetry={() => void mandates.refetch()} /> : <Skeleton rows={2} />
    ) : of(kind).length === 0 ? (
      <p>{none}</p>
    ) : (
      <Table label={t(kind === "board" ? "board" : "turns")} rows={of(kind)} columns={columns} rowId={(m) => m.id} rowName={(m) => m.who} />
    );
  const add = (kind: Mandate["kind"]) => (
    <Button icon={<Plus aria-hidden size={18} />} onPress={() => setGiving(kind)}>
      {t(kind === "board" ? "board_add" : "turn_add")}
    </Button>
  );
  return (
    <Page title={t("tab_mandates")} intro={t(`law_${me.regime}`)}>
      <JournalTabs />
      {me.regime === "pupils" && (
        <Card title={t("board")} intro={t("board_intro")} action={add("board")}>
          {shelf("board", t("board_none"))}
        </Card>
      )}
      <Card title={t("turns")} intro={t("turns_intro")} action={add("moderation")}>
        {shelf("moderation", t("turns_none"))}
      </Card>
      {giving && <Giving kind={giving} mandates={mandates.data ?? []} onClose={() => setGiving(null)} />}
      <ConfirmDialog
        title={t("mandate_end")}
        action={t("mandate_end")}
        danger
        open={ending !== null}
        onClose={() => setEnding(null)}
        onConfirm={async () => {
          if (ending) await endMandate(school, ending.id);
          await queries.invalidateQueries({ queryKey: journalKey(school) });
        }}
      >
        <p>{t("mandate_end_text", { name: ending?.who ?? "" })}</p>
      </ConfirmDialog>
    </Page>
  );
}
