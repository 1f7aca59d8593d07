import { ChevronLeft, ChevronRight, Flag, ListChecks } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useFormat, useT } from "@/i18n";
import { Button, ConfirmDialog, ErrorState, Notice, SkipLink } from "@/ui";
import { Aids, useReading } from "./Aids";
import type { StageView, State } from "./api";
import { Calculator } from "./Calculator";
import { Clock } from "./Clock";
import type { AnswerQueue, QueueView } from "./queue";
import { Question } from "./render/Question";
import { isAnswered } from "./render/tree";
import { TurnQuestion } from "./Turns";
import type { TurnBook, TurnsView } from "./turns";

interface Props {
  state: State;
  stage: StageView;
  queue: AnswerQueue;
  view: QueueView;
  turns: TurnBook;
  turnsView: TurnsView;
  now: () => number;
  busy: boolean;
  failed: unknown;
  onHandIn: () => Promise<void>;
}

/** The questions of a stage, one at a time. */
export function StagePage({ state, stage, queue, view, turns, turnsView, now, busy, failed, onHandIn }: Props) {
  const t = useT("sitting");
  const format = useFormat();
  const [at, setAt] = useState(0);
  const [overview, setOverview] = useState(false);
  const [handing, setHanding] = useState(false);
  const [reading, setReading] = useReading();
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(at);
  useEffect(() => {
    if (shown.current !== at) heading.current?.focus();
    shown.current = at;
  }, [at]);
  const item = stage.items[at];
  const answered = (key: string) => (turnsView.of[key] ? turnsView.of[key].view.turn > 0 : isAnswered(view.answers[key]));
  const empty = stage.items.filter((one) => !answered(one.key)).length;
  const marked = item ? view.marked.includes(item.key) : false;
  const go = (to: number) => {
    setOverview(false);
    setAt(to);
  };
  if (!item) return null;
  return (
    <div className="sitting" data-size={reading.size} data-spaced={reading.spaced || undefined} data-face={reading.face || undefined} data-strong={reading.strong || undefined} data-line={reading.line || undefined}>
      <SkipLink />
      <header className="sitting-top">
        <p className="sitting-name">{state.name}</p>
        {reading.clock && state.endsAt !== undefined && <Clock endsAt={state.endsAt} now={now} />}
        <Aids reading={reading} onChange={setReading} />
      </header>
      <main id="contenu" tabIndex={-1} className="sitting-main">
        {view.failingSince !== null && (
          <Notice tone="sun">{t("offline", { when: format.time(view.failingSince), count: view.waiting })}</Notice>
        )}
        {view.refusal !== null && <ErrorState error={view.refusal} />}
        <h1 ref={heading} tabIndex={-1} className="sitting-question">
          {t("question", { number: at + 1, count: stage.items.length })}
        </h1>
        {turnsView.of[item.key] ? (
          <TurnQuestion key={item.key} name={item.key} book={turns} view={turnsView} />
        ) : (
          <Question key={item.key} name={item.key} body={item.public.body} files={item.files ?? none} language={item.public.language} values={view.answers[item.key] ?? {}} onChange={(values) => queue.put(item.key, values)} />
        )}
        {state.calculator && <Calculator />}
        {failed !== null && <ErrorState error={failed} />}
      </main>
      {overview && (
        <nav className="sitting-overview" aria-label={t("overview")}>
          <ol>
            {stage.items.map((one, i) => {
              const has = answered(one.key);
              const flagged = view.marked.includes(one.key);
              return (
                <li key={one.key}>
                  <button type="button" aria-current={i === at ? "step" : undefined} data-answered={has || undefined} onClick={() => go(i)} aria-label={`${t("question", { number: i + 1, count: stage.items.length })}, ${t(has ? "answered" : "unanswered")}${flagged ? `, ${t("marked")}` : ""}`}>
                    {i + 1}
                    {flagged && <Flag aria-hidden size={14} />}
                  </button>
                </li>
              );
            })}
          </ol>
        </nav>
      )}
      <footer className="sitting-bar">
        <Button big icon={<ChevronLeft aria-hidden />} disabled={at === 0} onPress={() => go(at - 1)}>
          {t("previous")}
        </Button>
        <Button icon={<ListChecks aria-hidden />} expanded={overview} onPress={() => setOverview(!overview)} label={t("overview_of", { count: stage.items.length - empty, total: stage.items.length })}>
          {t("progress", { count: stage.items.length - empty, total: stage.items.length })}
        </Button>
        <Button icon={<Flag aria-hidden />} onPress={() => queue.mark(item.key, !marked)}>
          {t(marked ? "unmark" : "mark")}
        </Button>
        {at < stage.items.length - 1 ? (
          <Button tone="main" big icon={<ChevronRight aria-hidden />} onPress={() => go(at + 1)}>
            {t("next")}
          </Button>
        ) : (
          <Button tone="main" big pending={busy} onPress={() => setHanding(true)}>
            {t("hand_in")}
          </Button>
        )}
      </footer>
      <p className="sitting-saved" role="status">
        {t(view.waiting + turnsView.waiting === 0 ? "saved" : "saving")}
      </p>
      <ConfirmDialog title={t("hand_in_title")} action={t("hand_in")} open={handing} onClose={() => setHanding(false)} onConfirm={onHandIn}>
        <p>{empty === 0 ? t("hand_in_full") : t("hand_in_empty", { count: empty })}</p>
        <p>{t("hand_in_text")}</p>
      </ConfirmDialog>
    </div>
  );
}

const none: Record<string, string> = {};
