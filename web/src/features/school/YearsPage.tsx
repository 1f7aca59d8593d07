import { useQuery } from "@tanstack/react-query";
import { CalendarPlus } from "lucide-react";
import { useState } from "react";
import { type Year, yearsQuery } from "@/features/groups/api";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, type Column, ConfirmDialog, DateField, Dialog, Empty, ErrorState, Form, LinkButton, Notice, Page, Skeleton, Table, TextField, toast } from "@/ui";
import { useCloseYear, useOpenYear } from "./api";
import { nextYear, yearLabel } from "./years";
import { SchoolTabs } from "./SchoolTabs";

function OpenYear({ school, years, onClose }: { school: string; years: readonly Year[]; onClose: () => void }) {
  const t = useT("school");
  const [draft, setDraft] = useState(() => nextYear(years, new Date()));
  const open = useOpenYear(school);
  const dates = (change: { startsOn?: string; endsOn?: string }) => {
    const next = { ...draft, ...change };
    setDraft({ ...next, label: draft.label === yearLabel(draft) ? yearLabel(next) : draft.label });
  };
  return (
    <Dialog title={t("year_open_title")} open onClose={onClose}>
      <Form
        error={open.error}
        onSubmit={() =>
          open.mutate(draft, {
            onSuccess: () => {
              toast(t("year_opened", { year: draft.label }));
              onClose();
            },
          })
        }
      >
        <TextField label={t("year_label")} name="label" value={draft.label} onChange={(label) => setDraft({ ...draft, label })} required maxLength={40} autoFocus />
        <DateField label={t("year_starts")} name="startsOn" value={draft.startsOn} onChange={(startsOn) => dates({ startsOn })} required />
        <DateField label={t("year_ends")} name="endsOn" value={draft.endsOn} onChange={(endsOn) => dates({ endsOn })} required />
        <Actions>
          <Button type="submit" tone="main" pending={open.isPending}>
            {t("year_open")}
          </Button>
          <Button onPress={onClose}>{t("cancel")}</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** School years: one opens, pupils are imported into it, the old one closes. */
export default function YearsPage() {
  const t = useT("school");
  const format = useSchoolFormat();
  const { school, rights } = useWork();
  const years = useQuery(yearsQuery(school.id));
  const close = useCloseYear(school.id);
  const [opening, setOpening] = useState(false);
  const [closing, setClosing] = useState<Year | null>(null);
  const open = years.data?.filter((y) => y.closedAt === undefined) ?? [];
  const columns: Column<Year>[] = [
    { id: "label", head: t("year"), main: true, cell: (y) => y.label },
    { id: "starts", head: t("year_starts"), cell: (y) => format.date(y.startsOn) },
    { id: "ends", head: t("year_ends"), cell: (y) => format.date(y.endsOn) },
    { id: "seats", head: t("year_seats"), end: true, cell: (y) => format.number(y.seats) },
    { id: "state", head: t("year_state"), cell: (y) => (y.closedAt === undefined ? t("year_is_open") : t("year_closed_on", { date: format.date(y.closedAt) })) },
  ];
  if (rights.manages) {
    columns.push({
      id: "acts",
      head: t("acts"),
      headHidden: true,
      end: true,
      cell: (y) =>
        y.closedAt === undefined && (
          <Button onPress={() => setClosing(y)} label={t("year_close_of", { year: y.label })}>
            {t("year_close")}
          </Button>
        ),
    });
  }
  const openButton = (
    <Button tone="main" icon={<CalendarPlus aria-hidden size={18} />} onPress={() => setOpening(true)}>
      {t("year_open")}
    </Button>
  );
  return (
    <Page title={t("years_title")} over={school.name} action={rights.manages && (years.data?.length ?? 0) > 0 && openButton}>
      <SchoolTabs />
      {years.isLoadingError ? (
        <ErrorState error={years.error} onRetry={() => void years.refetch()} />
      ) : years.isPending ? (
        <Skeleton rows={3} />
      ) : years.data.length === 0 ? (
        <Empty icon={<CalendarPlus aria-hidden size={32} />} title={t("years_empty_title")} action={rights.manages && openButton}>
          {t("years_empty_text")}
        </Empty>
      ) : (
        <>
          {open.length > 1 && rights.manages && (
            <Notice title={t("rollover_title")} action={<LinkButton href="/groupes/importer">{t("rollover_import")}</LinkButton>}>
              {t("rollover_text")}
            </Notice>
          )}
          <Table label={t("years_title")} rows={years.data} columns={columns} rowId={(y) => y.id} rowName={(y) => y.label} />
        </>
      )}
      {opening && <OpenYear school={school.id} years={years.data ?? []} onClose={() => setOpening(false)} />}
      <ConfirmDialog
        title={t("year_close_title", { year: closing?.label ?? "" })}
        action={t("year_close")}
        danger
        open={closing !== null}
        onClose={() => setClosing(null)}
        onConfirm={async () => {
          await close.mutateAsync(closing?.id ?? "");
          toast(t("year_closed", { year: closing?.label ?? "" }));
        }}
      >
        <p>{t("year_close_text")}</p>
      </ConfirmDialog>
    </Page>
  );
}
