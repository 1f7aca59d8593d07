import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation, useParams } from "wouter";
import { MissingPage } from "@/app/Missing";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Checkbox, ErrorState, type Faults, Form, LinkButton, Notice, Page, Select, Skeleton, TextField, toast } from "@/ui";
import { type QuestionDetail, questionQuery, questionsKey, reviseQuestion, writeQuestion } from "../api";
import { keptName, readKept, writeKept } from "../kept";
import { Answers } from "./Answers";
import { figure } from "./figure";
import { Gaps } from "./Gaps";
import { Hotspot } from "./Hotspot";
import { Pairs } from "./Lists";
import { Preview } from "./Preview";
import { Prose } from "./Prose";
import { blank, isKind, type Sheet, toDraft, toSheet } from "./sheet";
import { Stem } from "./Stem";
import { Long, Short } from "./Written";
import "./write.css";

/** How soon after a change the browser keeps the text. In ms. */
const KEEP = 300;

const languages = ["fr", "en", "de", "es", "it", "pt", "la", "oc", "br", "eu", "co"] as const;

/** Writes a question, or revises one. */
export default function WritePage() {
  const { kind, question } = useParams<{ kind?: string; question?: string }>();
  const t = useT("writing");
  const { school } = useWork();
  const found = useQuery({ ...questionQuery(school.id, question ?? ""), enabled: question !== undefined });
  if (kind !== undefined) return isKind(kind) ? <Kept name={`new-${kind}`} start={blank(kind)} question={null} /> : <MissingPage />;
  if (found.data) return <Kept key={found.data.savedAt} name={found.data.id} start={toSheet(found.data.draft)} question={found.data} />;
  return (
    <Page title={t("title_change")} back={{ href: "/evaluations/questions", label: t("questions") }}>
      {found.error ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : <Skeleton rows={6} />}
    </Page>
  );
}

/** Waits for what this browser holds of the question. */
function Kept({ name, start, question }: { name: string; start: Sheet; question: QuestionDetail | null }) {
  const { me, school } = useWork();
  const place = keptName(me.staff.id, school.id, name);
  const [held, setHeld] = useState<{ sheet: Sheet | null; at: number } | null>(null);
  useEffect(() => {
    let gone = false;
    void readKept(place).then((kept) => {
      if (!gone) setHeld({ sheet: kept ? (kept.draft as Sheet) : null, at: kept?.at ?? 0 });
    });
    return () => {
      gone = true;
    };
  }, [place]);
  if (!held) return <Skeleton rows={6} />;
  return <Writing place={place} start={start} held={held.sheet} heldAt={held.at} question={question} />;
}

function Writing({ place, start, held, heldAt, question }: { place: string; start: Sheet; held: Sheet | null; heldAt: number; question: QuestionDetail | null }) {
  const t = useT("writing");
  const format = useSchoolFormat();
  const { school } = useWork();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const [sheet, setSheet] = useState<Sheet>(held ?? start);
  const [restored, setRestored] = useState(held !== null);
  const [round, setRound] = useState(0);
  const [left, setLeft] = useState(0);
  const change = (part: Partial<Sheet>) => {
    setLeft(0);
    setSheet((before) => ({ ...before, ...part }));
  };
  useEffect(() => {
    if (sheet === start || sheet === held) return;
    const timer = setTimeout(() => void writeKept(place, { draft: sheet, at: Date.now() }), KEEP);
    return () => clearTimeout(timer);
  }, [sheet, start, held, place]);
  const save = useMutation({
    mutationFn: () => (question ? reviseQuestion(school.id, question.id, question.savedAt, toDraft(sheet)) : writeQuestion(school.id, toDraft(sheet))),
  });
  const used = question?.versions[0]?.used ?? false;
  const submit = async (): Promise<Faults | undefined> => {
    setLeft(0);
    const answer = await save.mutateAsync().catch(() => null);
    if (!answer) return undefined; // the form shows the refusal
    if (answer.problems.length > 0) {
      setLeft(answer.problems.length);
      return Object.fromEntries(answer.problems.map((p) => [p.field, p.message]));
    }
    await writeKept(place, null);
    await queries.invalidateQueries({ queryKey: questionsKey(school.id) });
    toast(t("saved", { title: sheet.title }));
    go("/evaluations/questions");
    return undefined;
  };
  const restart = () => {
    setSheet(start);
    setRestored(false);
    setRound(round + 1);
    void writeKept(place, null);
  };
  const partial = !["choice", "short", "long", "hotspot"].includes(sheet.kind);
  return (
    <Page title={t(question ? "title_change" : "title_new")} intro={t(`kind_${sheet.kind}`)} back={{ href: "/evaluations/questions", label: t("questions") }} action={question && <LinkButton href={`/evaluations/composer?question=${question.id}`}>{t("use_in_test")}</LinkButton>}>
      {used && <Notice>{t("new_version", { version: (question?.version ?? 0) + 1 })}</Notice>}
      {restored && (
        <Notice tone="sun" action={<Button onPress={restart}>{t("restart")}</Button>}>
          {t("restored", { when: format.moment(heldAt) })}
        </Notice>
      )}
      <div className="write-page">
        <Form key={round} onSubmit={submit} error={save.error}>
          {left > 0 && <Notice tone="brick">{t("left", { count: left })}</Notice>}
          <Stem stem={sheet.stem} onChange={(stem) => change({ stem })} />
          <Prose name="ask" label={t("ask")} value={sheet.ask} onChange={(ask) => change({ ask })} required help={t("ask_help")} />
          <Kind sheet={sheet} onChange={change} />
          <div className="write-group" role="group" aria-label={t("points_group")}>
            <h2>{t("points_group")}</h2>
            <TextField name="points" label={t("points")} defaultValue={String(sheet.points).replace(".", ",")} onChange={(text) => change({ points: Number.isFinite(figure(text)) ? figure(text) : 0 })} inputMode="numeric" required />
            {partial && (
              <Checkbox checked={sheet.partial} onChange={(on) => change({ partial: on })} detail={t(sheet.kind === "several" ? "partial_help_several" : "partial_help")}>
                {t("partial")}
              </Checkbox>
            )}
            {sheet.kind !== "long" && (
              <>
                <Prose name="whenRight" label={t("when_right")} value={sheet.whenRight} onChange={(whenRight) => change({ whenRight })} optional rows={2} maxLength={1000} help={t("when_help")} />
                <Prose name="whenWrong" label={t("when_wrong")} value={sheet.whenWrong} onChange={(whenWrong) => change({ whenWrong })} optional rows={2} maxLength={1000} />
              </>
            )}
          </div>
          <div className="write-group" role="group" aria-label={t("shelf")}>
            <h2>{t("shelf")}</h2>
            <TextField name="title" label={t("name")} value={sheet.title} onChange={(title) => change({ title })} required maxLength={120} help={t("name_help")} wide />
            <TextField name="skill" label={t("skill")} value={sheet.skill} onChange={(skill) => change({ skill })} optional maxLength={40} help={t("skill_help")} wide />
            <Select name="language" label={t("language")} value={sheet.language} onChange={(language) => change({ language })} options={languages.map((id) => ({ id, label: t(`language_${id}`) }))} help={t("language_help")} />
          </div>
          <Actions>
            <Button type="submit" tone="main" pending={save.isPending}>
              {t(used ? "save_version" : "save")}
            </Button>
          </Actions>
        </Form>
        <Preview sheet={sheet} />
      </div>
    </Page>
  );
}

/** What is particular to a kind of question. */
function Kind({ sheet, onChange }: { sheet: Sheet; onChange: (part: Partial<Sheet>) => void }) {
  switch (sheet.kind) {
    case "choice":
    case "several":
    case "order":
      return <Answers sheet={sheet} onChange={onChange} />;
    case "gap":
    case "inline":
      return <Gaps sheet={sheet} onChange={onChange} />;
    case "match":
      return <Pairs sheet={sheet} onChange={onChange} />;
    case "short":
      return <Short sheet={sheet} onChange={onChange} />;
    case "long":
      return <Long sheet={sheet} onChange={onChange} />;
    case "hotspot":
      return <Hotspot sheet={sheet} onChange={onChange} />;
  }
}
