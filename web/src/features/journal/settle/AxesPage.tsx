import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Card, type Column, ConfirmDialog, Dialog, ErrorState, Form, Page, Select, Skeleton, Table, TextArea, TextField, toast } from "@/ui";
import { type Axes, changeAxis, type Collective, collectivesQuery, journalKey, makeAxis, removeAxis, type Theme, themesQuery } from "../api";
import { JournalTabs } from "../JournalTabs";
import { usePlace } from "../place";

const kinds = ["club", "class", "union", "association", "parents", "other"] as const;
type One = Theme & { kind?: Collective["kind"] };

function AxisDialog({ of, one, next, onClose }: { of: Axes; one: One | null; next: number; onClose: () => void }) {
  const t = useT("desk");
  const { school } = usePlace();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (body: Parameters<typeof makeAxis>[2]) => (one ? changeAxis(school, of, one.id, body) : makeAxis(school, of, body)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: journalKey(school, of) });
      toast(t("axis_saved"));
      onClose();
    },
  });
  return (
    <Dialog title={t(one ? "axis_change" : of === "themes" ? "theme_make" : "collective_make")} open onClose={onClose}>
      <Form
        onSubmit={(data) => {
          const text = (name: string) => String(data.get(name) ?? "").trim();
          save.mutate({ name: text("name"), about: text("about"), rank: Math.min(999, Math.max(0, Number(text("rank")) || 0)), kind: of === "collectives" ? (text("kind") as Collective["kind"]) : undefined });
        }}
        error={save.error}
      >
        <TextField label={t("axis_name")} name="name" required maxLength={60} defaultValue={one?.name ?? ""} wide autoFocus />
        {of === "collectives" && <Select label={t("axis_kind")} name="kind" required defaultValue={one?.kind ?? "club"} options={kinds.map((id) => ({ id, label: t(`collective_${id}`) }))} wide />}
        <TextArea label={t("axis_about")} name="about" optional rows={3} maxLength={600} defaultValue={one?.about ?? ""} wide />
        <TextField label={t("axis_rank")} name="rank" inputMode="numeric" maxLength={3} defaultValue={String(one?.rank ?? next)} help={t("axis_rank_help")} />
        <Actions>
          <Button type="submit" tone="main" pending={save.isPending}>
            {t("axis_save")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

function Shelf({ of }: { of: Axes }) {
  const t = useT("desk");
  const { school } = usePlace();
  const queries = useQueryClient();
  const themes = useQuery({ ...themesQuery(school), enabled: of === "themes" });
  const collectives = useQuery({ ...collectivesQuery(school), enabled: of === "collectives" });
  const [open, setOpen] = useState<One | "new" | null>(null);
  const [removing, setRemoving] = useState<One | null>(null);
  const list = of === "themes" ? themes : collectives;
  const rows: One[] | undefined = list.data;
  const columns: Column<One>[] = [
    { id: "name", head: t("axis_name"), main: true, cell: (a) => a.name },
    ...(of === "collectives" ? [{ id: "kind", head: t("axis_kind"), cell: (a: One) => (a.kind ? t(`collective_${a.kind}`) : "") }] : []),
    { id: "about", head: t("axis_about"), cell: (a) => a.about },
    {
      id: "acts",
      head: t("acts"),
      headHidden: true,
      plain: true,
      cell: (a) => (
        <div className="desk-row">
          <Button icon={<Pencil aria-hidden size={18} />} onPress={() => setOpen(a)} label={t("axis_change_of", { name: a.name })}>
            {t("axis_change")}
          </Button>
          <Button icon={<Trash2 aria-hidden size={18} />} onPress={() => setRemoving(a)} label={t("axis_remove_of", { name: a.name })}>
            {t("axis_remove")}
          </Button>
        </div>
      ),
    },
  ];
  return (
    <Card
      title={t(of)}
      intro={t(`${of}_intro`)}
      action={
        <Button icon={<Plus aria-hidden size={18} />} onPress={() => setOpen("new")}>
          {t(of === "themes" ? "theme_make" : "collective_make")}
        </Button>
      }
    >
      {!rows ? (
        list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : <Skeleton rows={3} />
      ) : rows.length === 0 ? (
        <p>{t("axes_none")}</p>
      ) : (
        <Table label={t(of)} rows={rows} columns={columns} rowId={(a) => a.id} rowName={(a) => a.name} />
      )}
      {open && <AxisDialog of={of} one={open === "new" ? null : open} next={(rows?.length ?? 0) + 1} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        title={t("axis_remove")}
        action={t("axis_remove")}
        danger
        open={removing !== null}
        onClose={() => setRemoving(null)}
        onConfirm={async () => {
          if (removing) await removeAxis(school, of, removing.id);
          await queries.invalidateQueries({ queryKey: journalKey(school, of) });
        }}
      >
        <p>{t("axis_remove_text", { name: removing?.name ?? "" })}</p>
      </ConfirmDialog>
    </Card>
  );
}

/** Themes and collectives: the two ways in which pieces are filed. */
export default function AxesPage() {
  const t = useT("desk");
  return (
    <Page title={t("tab_axes")}>
      <JournalTabs />
      <Shelf of="themes" />
      <Shelf of="collectives" />
    </Page>
  );
}
