import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "@/api/client";
import { problemFrom } from "@/api/problem";
import { bankQuery, type Finding, type Imported, type Package, removeTest, testQuery } from "@/features/campaigns/api";
import type { ItemView } from "@/features/sitting/api";
import { Question } from "@/features/sitting/render/Question";
import type { Values } from "@/features/sitting/render/tree";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Card, type Column, ConfirmDialog, Dialog, Empty, ErrorState, FileDrop, LinkButton, Notice, Page, ProblemNotice, Skeleton, Table, toast } from "@/ui";
import { testExportAddress } from "./api";
import "./bank.css";

async function importTest(school: string, file: File): Promise<Imported> {
  const response = await fetch(`/api/v1/schools/${school}/tests`, { method: "POST", headers: { "Content-Type": "application/zip" }, body: file });
  const body = (await response.json().catch(() => null)) as Imported | null;
  if (!response.ok || !body) throw problemFrom(response.status, body);
  return body;
}

/** The school's bank: tests that were brought, what they hold, each question as a pupil sees it. */
export default function BankPage() {
  const t = useT("bank");
  const format = useSchoolFormat();
  const { school, rights } = useWork();
  const queries = useQueryClient();
  const bank = useQuery(bankQuery(school.id));
  const [opened, setOpened] = useState<string | null>(null);
  const [removing, setRemoving] = useState<Package | null>(null);
  const bring = useMutation({
    mutationFn: (file: File) => importTest(school.id, file),
    onSuccess: async (report) => {
      await queries.invalidateQueries({ queryKey: ["school", school.id, "tests"] });
      if (report.package) toast(t("imported", { title: report.package.title }));
    },
  });
  const columns: Column<Package>[] = [
    { id: "title", head: t("test"), main: true, cell: (p) => p.title },
    { id: "items", head: t("questions"), end: true, cell: (p) => p.items },
    { id: "when", head: t("brought"), cell: (p) => format.date(p.createdAt) },
    { id: "used", head: t("used"), cell: (p) => t(p.used ? "is_used" : "is_free") },
    {
      id: "acts", head: t("acts"), headHidden: true,
      cell: (p) => (
        <div className="bank-acts">
          <Button label={t("look_of", { title: p.title })} onPress={() => setOpened(p.id)}>
            {t("look")}
          </Button>
          {p.made && (
            <>
              <LinkButton tone="quiet" href={`/evaluations/composer?de=${p.id}`} label={t("reopen_of", { title: p.title })}>
                {t("reopen")}
              </LinkButton>
              <a className="bank-export" href={testExportAddress(school.id, p.id)} download aria-label={t("export_of", { title: p.title })}>
                {t("export")}
              </a>
            </>
          )}
          {rights.leadsAssessments && !p.used && (
            <Button tone="quiet" label={t("remove_of", { title: p.title })} onPress={() => setRemoving(p)}>
              {t("remove")}
            </Button>
          )}
        </div>
      ),
    },
  ];
  return (
    <Page title={t("title")} intro={t("intro")} back={{ href: "/evaluations", label: t("campaigns") }} action={<BankActs />}>
      {rights.leadsAssessments && (
        <Card title={t("bring")} intro={t("bring_text")}>
          <FileDrop label={t("drop")} action={t("choose")} accept={[".zip"]} onFile={(file) => bring.mutate(file)} />
          {bring.isPending && <p role="status">{t("reading")}</p>}
          {bring.error && <ProblemNotice problem={bring.error} />}
          {bring.data && <Report report={bring.data} />}
        </Card>
      )}
      {!bank.data ? (
        bank.error ? <ErrorState error={bank.error} onRetry={() => void bank.refetch()} /> : <Skeleton rows={4} />
      ) : bank.data.length === 0 ? (
        <Empty title={t("none_title")}>{t("none_text")}</Empty>
      ) : (
        <Table label={t("title")} rows={bank.data} columns={columns} rowId={(p) => p.id} rowName={(p) => p.title} />
      )}
      {opened && <TestDialog test={opened} onClose={() => setOpened(null)} />}
      <ConfirmDialog
        title={t("remove_title")}
        action={t("remove")}
        danger
        open={removing !== null}
        onClose={() => setRemoving(null)}
        onConfirm={async () => {
          if (removing) await removeTest(school.id, removing.id);
          await queries.invalidateQueries({ queryKey: ["school", school.id, "tests"] });
        }}
      >
        <p>{t("remove_text", { title: removing?.title ?? "" })}</p>
      </ConfirmDialog>
    </Page>
  );
}

/** What one does from the bank. */
function BankActs() {
  const t = useT("bank");
  return (
    <>
      <LinkButton href="/evaluations/questions">{t("questions_title")}</LinkButton>
      <LinkButton tone="main" href="/evaluations/composer">
        {t("compose")}
      </LinkButton>
    </>
  );
}

/** What the import found. */
function Report({ report }: { report: Imported }) {
  const t = useT("bank");
  const order = { error: 0, warning: 1, note: 2 };
  const findings = [...report.findings].sort((a, b) => order[a.severity] - order[b.severity]);
  return (
    <div role="status">
      {report.package ? (
        <Notice tone="tree">{t("import_done", { title: report.package.title, count: report.package.items })}</Notice>
      ) : (
        <Notice tone="brick" title={t("import_refused")}>
          {t("import_refused_text")}
        </Notice>
      )}
      {findings.length > 0 && (
        <ul>
          {findings.map((f: Finding, i) => (
            <li key={i}>
              <strong>{t(`severity_${f.severity}`)}</strong> {t("place", { file: f.file, line: f.line ?? 0 })}{"\u00a0"}: {f.message}
            </li>
          ))}
        </ul>
      )}
      {report.more > 0 && <p>{t("more", { count: report.more })}</p>}
    </div>
  );
}

/** A test: its parts, its questions, each as a pupil would see it. */
function TestDialog({ test, onClose }: { test: string; onClose: () => void }) {
  const t = useT("bank");
  const { school } = useWork();
  const { data, error } = useQuery(testQuery(school.id, test));
  const [shown, setShown] = useState<string | null>(null);
  return (
    <Dialog title={data?.title ?? t("test")} open onClose={onClose} wide>
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton rows={6} />}
      {data?.parts.map((part) => (
        <section key={part.id}>
          <h3>
            {part.title || part.id} {part.routed && t("routed")}
          </h3>
          <ul>
            {data.questions
              .filter((q) => q.part === part.id)
              .map((q) => (
                <li key={q.key}>
                  <Button tone="quiet" onPress={() => setShown(shown === q.key ? null : q.key)} expanded={shown === q.key}>
                    {q.title}
                  </Button>
                  {shown === q.key && <Preview test={test} question={q.key} />}
                </li>
              ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}

function Preview({ test, question }: { test: string; question: string }) {
  const { school } = useWork();
  const [values, setValues] = useState<Values>({});
  const { data, error } = useQuery({
    queryKey: ["school", school.id, "preview", test, question],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/tests/{test}/preview/{question}", { params: { path: { school: school.id, test, question }, query: { seed: 7 } }, signal }))) as unknown as ItemView,
  });
  if (error) return <ErrorState error={error} />;
  if (!data) return <Skeleton rows={3} />;
  return <Question name={question} body={data.public.body} files={data.files ?? {}} language={data.public.language} values={values} onChange={setValues} />;
}
