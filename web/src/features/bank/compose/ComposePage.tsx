import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { useWork } from "@/features/session/school";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, Checkbox, ErrorState, type Faults, Form, LinkButton, Notice, Page, Skeleton, TextField, toast } from "@/ui";
import { madeTestQuery, makeTest, type Question, questionsKey, questionsQuery } from "../api";
import { Fault } from "../write/Group";
import "../bank.css";
import { Draw } from "./Draw";
import { PartCard } from "./PartCard";
import { choose, chosenIn, type Composition, empty, type Part, pointsOf, toPlan } from "./plan";

const MOST_PARTS = 12;

/** Puts a test together from questions of the bank, by hand or by draw. */
export default function ComposePage() {
  const t = useT("compose");
  const { school } = useWork();
  const [search] = useSearchParams();
  const from = search.get("de");
  const first = search.get("question");
  const bank = useQuery(questionsQuery(school.id));
  const made = useQuery({ ...madeTestQuery(school.id, from ?? ""), enabled: from !== null });
  const error = bank.error ?? made.error;
  if (error || !bank.data || (from && !made.data)) {
    return (
      <Page title={t("title")} back={{ href: "/evaluations/banque", label: t("bank") }}>
        {error ? <ErrorState error={error} onRetry={() => void bank.refetch()} /> : <Skeleton rows={6} />}
      </Page>
    );
  }
  if (bank.data.length === 0) {
    return (
      <Page title={t("title")} back={{ href: "/evaluations/banque", label: t("bank") }}>
        <Notice action={<LinkButton href="/evaluations/questions/nouvelle">{t("write")}</LinkButton>}>{t("bank_empty")}</Notice>
      </Page>
    );
  }
  const part = (chosen: Part["chosen"]): Part => ({ title: t("part_number", { number: 1 }), shuffle: false, chosen });
  let start: Composition = { ...empty, parts: [part(bank.data.filter((q) => q.id === first).map((q) => choose(q)))] };
  if (made.data) {
    const { plan, questions } = made.data;
    let next = 0;
    start = {
      title: plan.title,
      seed: plan.seed ?? "",
      blueprint: plan.blueprint ?? [],
      parts: plan.sections.map((s) => ({
        title: s.title,
        shuffle: s.shuffle ?? false,
        chosen: s.picks.flatMap((pick) => {
          const q = questions[next++];
          return q ? [{ question: q.id, version: pick.version, newest: q.newest, title: q.title, kind: q.kind, skill: q.skill, own: q.points, ...(pick.points ? { points: pick.points } : {}) }] : [];
        }),
      })),
    };
  }
  return <Composing start={start} bank={bank.data} from={made.data && !made.data.test.used ? made.data.test.id : null} given={made.data?.test.used ?? false} />;
}

function Composing({ start, bank, from, given }: { start: Composition; bank: readonly Question[]; from: string | null; given: boolean }) {
  const t = useT("compose");
  const format = useFormat();
  const { school } = useWork();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const [test, setTest] = useState(start);
  const [replaces, setReplaces] = useState(true);
  const [drawn, setDrawn] = useState(0);
  const { parts } = test;
  const set = (part: Partial<Composition>) => setTest((before) => ({ ...before, ...part }));
  const save = useMutation({ mutationFn: () => makeTest(school.id, toPlan(test), from && replaces ? from : undefined) });
  const taken = chosenIn(parts);
  const submit = async (): Promise<Faults | undefined> => {
    const answer = await save.mutateAsync().catch(() => null);
    if (!answer) return undefined; // the form shows the refusal
    if (answer.problems.length > 0) return Object.fromEntries(answer.problems.map((p) => [p.field, p.message]));
    await queries.invalidateQueries({ queryKey: questionsKey(school.id) });
    await queries.invalidateQueries({ queryKey: ["school", school.id, "tests"] });
    toast(t("saved", { title: test.title }));
    go("/evaluations/banque");
    return undefined;
  };
  return (
    <Page title={t("title")} intro={t("intro")} back={{ href: "/evaluations/banque", label: t("bank") }} narrow>
      {given && <Notice>{t("given")}</Notice>}
      <Draw
        bank={bank}
        lines={test.blueprint}
        seed={test.seed}
        onLines={(blueprint) => set({ blueprint })}
        onDrawn={(next, seed) => {
          set({ parts: next, seed });
          setDrawn(drawn + 1);
        }}
      />
      <Form onSubmit={submit} error={save.error}>
        <TextField name="title" label={t("name")} value={test.title} onChange={(title) => set({ title })} required maxLength={120} wide />
        <Fault name="sections" label={t("title")}>
          {parts.map((part, i) => (
            <PartCard
              key={`${drawn}-${i}`}
              part={part}
              number={i + 1}
              bank={bank}
              taken={taken}
              onChange={(next) => set({ parts: parts.map((p, k) => (k === i ? next : p)) })}
              {...(parts.length > 1 ? { onRemove: () => set({ parts: parts.filter((_, k) => k !== i) }) } : {})}
            />
          ))}
        </Fault>
        {parts.length < MOST_PARTS && (
          <Button icon={<Plus aria-hidden size={18} />} onPress={() => set({ parts: [...parts, { title: t("part_number", { number: parts.length + 1 }), shuffle: false, chosen: [] }] })}>
            {t("part_add")}
          </Button>
        )}
        <p role="status">{t("total", { count: taken.size, points: format.number(pointsOf(parts)) })}</p>
        {from && (
          <Checkbox checked={replaces} onChange={setReplaces} detail={t("replaces_help")}>
            {t("replaces")}
          </Checkbox>
        )}
        <Actions>
          <Button type="submit" tone="main" pending={save.isPending}>
            {t("save")}
          </Button>
        </Actions>
      </Form>
    </Page>
  );
}
