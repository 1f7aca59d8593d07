import { useMutation, useQuery } from "@tanstack/react-query";
import { CalendarDays, Newspaper, PenLine, Quote } from "lucide-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useT } from "@/i18n";
import { Button, type Column, Empty, ErrorState, LinkButton, Menu, Notice, Page, ProblemNotice, Skeleton, Table } from "@/ui";
import { beginPiece, type Kind, minePiecesQuery, type PieceLine, settingsQuery } from "../api";
import { JournalTabs } from "../JournalTabs";
import { usePlace, usePlaceFormat } from "../place";
import { signed, standsAt, titleOf } from "../words";
import { emptyText } from "./document";
import { PenDialog } from "./PenDialog";

/** One's own pieces, and the way to write another. */
export default function MinePage() {
  const t = useT("desk");
  const { school, me, base, as, tu, groups } = usePlace();
  const format = usePlaceFormat();
  const [, go] = useLocation();
  const [naming, setNaming] = useState<Kind | "only" | null>(null);
  const settings = useQuery(settingsQuery(school));
  const mine = useQuery({ ...minePiecesQuery(school), enabled: me.author !== undefined });
  const begin = useMutation({
    mutationFn: (kind: Kind) => {
      const narrow = settings.data?.widest === "group";
      return beginPiece(school, kind, { title: "", about: { audience: narrow ? "group" : "school", group: narrow ? groups[0]?.id : undefined }, body: { ...emptyText } });
    },
    onSuccess: ({ id }) => go(`${base}/article/${id}/ecrire`),
  });
  const start = (kind: Kind) => (me.author ? begin.mutate(kind) : setNaming(kind));
  const columns: Column<PieceLine>[] = [
    { id: "title", head: t("piece"), main: true, cell: (p) => <Link href={`${base}/article/${p.id}`}>{titleOf(t, p)}</Link> },
    { id: "kind", head: t("kind"), cell: (p) => t(`kind_${p.kind}`) },
    { id: "stands", head: t("stands"), cell: (p) => standsAt(t, p, Date.now()) },
    { id: "authors", head: t("authors"), cell: (p) => signed(t, p.authors) },
    { id: "changed", head: t("changed"), cell: (p) => format.ago(p.changedAt, Date.now()) },
  ];
  const made = settings.data?.made ?? true;
  const write = (
    <>
      <Button tone="main" icon={<PenLine aria-hidden size={18} />} pending={begin.isPending} onPress={() => start("article")}>
        {t("write_article")}
      </Button>
      <Menu
        word={t("write_other")}
        entries={[
          { id: "brief", label: t("write_brief"), icon: <Quote aria-hidden size={18} />, onAction: () => start("brief") },
          { id: "event", label: t("write_event"), icon: <CalendarDays aria-hidden size={18} />, onAction: () => start("event") },
        ]}
      />
    </>
  );
  return (
    <Page title={t("title")} intro={t(`intro_${me.regime}`)} action={made ? write : undefined}>
      <JournalTabs />
      {!made && (
        <Notice tone="sun" title={t("not_made")} action={as === "staff" && me.head ? <LinkButton href={`${base}/reglages`} tone="main">{t("make_journal")}</LinkButton> : undefined}>
          {t("not_made_text")}
        </Notice>
      )}
      {begin.error && <ProblemNotice problem={begin.error} />}
      {me.author && (
        <div className="desk-row">
          <p>
            {t(`signs_as${tu}`)} <strong translate="no">{me.author.penName}</strong>
          </p>
          <Button onPress={() => setNaming("only")}>{t("pen_change")}</Button>
        </div>
      )}
      {me.author === undefined || mine.data?.length === 0 ? (
        <Empty icon={<Newspaper aria-hidden size={32} />} title={t(`mine_none${tu}`)}>
          {t(`mine_none_text_${me.regime}`)}
        </Empty>
      ) : !mine.data ? (
        mine.error ? <ErrorState error={mine.error} onRetry={() => void mine.refetch()} /> : <Skeleton rows={4} />
      ) : (
        <Table label={t("tab_mine")} rows={mine.data} columns={columns} rowId={(p) => p.id} rowName={(p) => titleOf(t, p)} />
      )}
      {me.slug && me.opened && (
        <p>
          <a className="desk-link" href={`/journal/${me.slug}`}>{t("read_journal")}</a>
        </p>
      )}
      <PenDialog
        open={naming !== null}
        onClose={() => setNaming(null)}
        onDone={() => {
          if (naming !== null && naming !== "only") begin.mutate(naming);
        }}
      />
    </Page>
  );
}
