import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, type Column, ConfirmDialog, Empty, ErrorState, LinkButton, Page, Select, Skeleton, Table, TextField, useSpoken } from "@/ui";
import { exportAddress, type Kind, type Question, questionsKey, questionsQuery, removeQuestion } from "./api";
import { kinds } from "./write/sheet";
import "./bank.css";

const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Those whose title or skill holds the words, of a kind when one is chosen. */
export function found(questions: readonly Question[], words: string, kind: Kind | "all"): Question[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  return questions.filter((q) => (kind === "all" || q.kind === kind) && wanted.every((word) => folded(`${q.title} ${q.skill}`).includes(word)));
}

/** What to look for among questions. */
export function Search({ words, kind, count, onWords, onKind }: { words: string; kind: Kind | "all"; count: number; onWords: (words: string) => void; onKind: (kind: Kind | "all") => void }) {
  const t = useT("bank");
  const w = useT("writing");
  useSpoken(t("found", { count }));
  return (
    <div className="bank-search" role="search">
      <TextField label={t("search")} value={words} onChange={onWords} type="search" maxLength={120} />
      <Select label={t("kind")} value={kind} onChange={onKind} options={[{ id: "all" as const, label: t("every_kind") }, ...kinds.map((id) => ({ id, label: w(`kind_${id}`) }))]} />
    </div>
  );
}

/** The questions that the school has written. */
export default function QuestionsPage() {
  const t = useT("bank");
  const w = useT("writing");
  const format = useSchoolFormat();
  const { school } = useWork();
  const queries = useQueryClient();
  const list = useQuery(questionsQuery(school.id));
  const [words, setWords] = useState("");
  const [kind, setKind] = useState<Kind | "all">("all");
  const [removing, setRemoving] = useState<Question | null>(null);
  const shown = useMemo(() => found(list.data ?? [], words, kind), [list.data, words, kind]);
  const columns: Column<Question>[] = [
    { id: "title", head: t("question"), main: true, cell: (q) => <Link href={`/evaluations/questions/${q.id}`}>{q.title}</Link> },
    { id: "kind", head: t("kind"), cell: (q) => w(`kind_${q.kind}`) },
    { id: "skill", head: t("skill"), cell: (q) => q.skill || t("no_skill") },
    { id: "points", head: t("points"), end: true, cell: (q) => format.number(q.points) },
    { id: "tests", head: t("in_tests"), end: true, cell: (q) => q.tests },
    { id: "saved", head: t("saved_on"), cell: (q) => format.date(q.savedAt) },
    {
      id: "acts", head: t("acts"), headHidden: true,
      cell: (q) => (
        <div className="bank-acts">
          <a className="bank-export" href={exportAddress(school.id, q.id, q.version)} download aria-label={t("export_of", { title: q.title })}>
            {t("export")}
          </a>
          {q.mine && q.tests === 0 && (
            <Button tone="quiet" label={t("remove_of", { title: q.title })} onPress={() => setRemoving(q)}>
              {t("remove")}
            </Button>
          )}
        </div>
      ),
    },
  ];
  const write = (
    <LinkButton tone="main" href="/evaluations/questions/nouvelle">
      {t("write")}
    </LinkButton>
  );
  return (
    <Page title={t("questions_title")} intro={t("questions_intro")} back={{ href: "/evaluations/banque", label: t("title") }} action={write}>
      {!list.data ? (
        list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : <Skeleton rows={5} />
      ) : list.data.length === 0 ? (
        <Empty title={t("no_question_title")}>{t("no_question_text")}</Empty>
      ) : (
        <>
          <Search words={words} kind={kind} count={shown.length} onWords={setWords} onKind={setKind} />
          {shown.length === 0 ? <p>{t("nothing_found")}</p> : <Table label={t("questions_title")} rows={shown} columns={columns} rowId={(q) => q.id} rowName={(q) => q.title} />}
        </>
      )}
      <ConfirmDialog
        title={t("remove_question_title")}
        action={t("remove")}
        danger
        open={removing !== null}
        onClose={() => setRemoving(null)}
        onConfirm={async () => {
          if (removing) await removeQuestion(school.id, removing.id);
          await queries.invalidateQueries({ queryKey: questionsKey(school.id) });
        }}
      >
        <p>{t("remove_question_text", { title: removing?.title ?? "" })}</p>
      </ConfirmDialog>
    </Page>
  );
}
