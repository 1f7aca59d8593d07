import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useSearchParams } from "wouter";
import { problemOf } from "@/api/problem";
import { whereAmI } from "@/features/door/api";
import { Child } from "@/features/door/Child";
import { useT } from "@/i18n";
import { Button, ErrorState, LinkButton, Notice, Skeleton } from "@/ui";
import { come, endStage, saveAnswers, type StageView, stageOf, start, type State, stateOf, takeTurn } from "./api";
import { keepPage, type SittingOnDevice } from "@/storage";
import { AnswerQueue, onDevice, SITTING_PATH } from "./queue";
import { StagePage } from "./StagePage";
import { TurnBook } from "./turns";
import { Training } from "./Training";
import "./sitting.css";

/** How often the server is asked where the sitting stands, in ms: also the sign of life. */
const WATCH = 10_000;
const WATCH_WAITING = 3_000;

/** What this device keeps of a sitting: its answers, and its turns. */
interface Opened {
  queue: AnswerQueue;
  turns: TurnBook;
}

/** The queue of this device for a sequence: what was kept, or a place asked for. */
function useSitting(campaign: string, sequence: number) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let live = true;
    let made: Opened | null = null;
    const begin = async () => {
      const kept = await onDevice.read();
      const seat = await whoseIs(kept);
      const mine = kept !== null && kept.seat === seat && kept.campaign === campaign && kept.sequence === sequence;
      if (kept && !mine) await sendLeft(kept);
      const from = mine ? kept : { seat, campaign, sequence, token: await come(campaign, sequence), n: 0, unsent: [], answers: {}, marked: [] };
      await onDevice.write(from);
      if (!live) return;
      const queue = new AnswerQueue(from, saveAnswers);
      made = { queue, turns: new TurnBook(from.turns ?? {}, (item, turn, data) => takeTurn(from.token, item, turn, data), (of) => queue.keepTurns(of)) };
      setOpened(made);
    };
    begin().catch((refusal: unknown) => live && setError(refusal));
    return () => {
      live = false;
      made?.turns.close();
      void made?.queue.close();
    };
  }, [campaign, sequence, again]);
  const retry = () => {
    setError(null);
    setAgain((n) => n + 1);
  };
  return { opened, error, retry };
}

/** What another pupil, or another sequence, left here on its way goes first, under its own token. */
async function sendLeft(kept: SittingOnDevice): Promise<void> {
  const unlessPassing = (refusal: unknown) => {
    if (problemOf(refusal).passing) throw refusal;
  };
  if (kept.unsent.length > 0) await saveAnswers(kept.token, kept.unsent.slice(0, 200)).catch(unlessPassing);
  for (const [item, { view, leaving }] of Object.entries(kept.turns ?? {})) {
    if (leaving) await takeTurn(kept.token, item, view.turn + 1, leaving).catch(unlessPassing);
  }
}

/** Whose this device is: the seat that is in or, without network, that of the sitting it has kept. */
async function whoseIs(kept: SittingOnDevice | null): Promise<string> {
  try {
    return (await whereAmI()).seat?.id ?? "";
  } catch (refusal) {
    if (kept?.seen && problemOf(refusal).passing) return kept.seat;
    throw refusal;
  }
}

/** A pupil's sitting: coming, waiting, the questions of each stage, the end. */
export default function SittingPage() {
  const t = useT("sitting");
  const [search] = useSearchParams();
  const { opened, error, retry } = useSitting(search.get("campagne") ?? "", Number(search.get("sequence") ?? "0"));
  if (error) {
    return (
      <Child title={t("cannot_come")} corner={<Back />}>
        <ErrorState error={error} onRetry={retry} />
      </Child>
    );
  }
  if (!opened) return <Child title={t("coming")}><Skeleton /></Child>;
  return <Sitting {...opened} onLost={retry} />;
}

function Back() {
  const t = useT("sitting");
  return (
    <LinkButton href="/eleve" tone="quiet">
      {t("to_my_page")}
    </LinkButton>
  );
}

/** Beats of the server's clock, whatever this device's says. */
function useServerClock(state: State | undefined, at: number): () => number {
  const offset = state ? state.now - at : 0;
  return useCallback(() => Date.now() + offset, [offset]);
}

function Sitting({ queue, turns, onLost }: Opened & { onLost: () => void }) {
  const t = useT("sitting");
  const [stage, setStage] = useState<StageView | null>(queue.seen?.stage ?? null);
  const [trained, setTrained] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const held = useQuery({
    queryKey: ["sitting", queue.token],
    queryFn: ({ signal }) => stateOf(queue.token, signal),
    refetchInterval: (q) => (q.state.data?.status === "waiting" || q.state.data?.device === "asking" ? WATCH_WAITING : WATCH),
    refetchIntervalInBackground: true,
    initialData: queue.seen?.state,
    initialDataUpdatedAt: queue.seen?.at,
    staleTime: 0,
    gcTime: 0,
  });
  const state = held.data;
  const now = useServerClock(state, held.dataUpdatedAt);
  const view = useSyncExternalStore(queue.subscribe, queue.view);

  const turnsView = useSyncExternalStore(turns.subscribe, turns.view);
  const waiting = view.waiting + turnsView.waiting;

  const fetchStage = useCallback(async () => {
    setFailed(null);
    try {
      const got = await stageOf(queue.token);
      queue.learn(got.answers);
      turns.learn(got.turns);
      // The pictures and sounds of the whole stage are fetched now, so that it can be taken without the network.
      const files = got.view.files.map((file) => file.url);
      void Promise.allSettled(files.map((url) => fetch(url))).then(() => keepPage(SITTING_PATH, files));
      setStage(got.view);
    } catch (refusal) {
      setFailed(refusal);
    }
  }, [queue, turns]);
  useEffect(() => {
    turns.onStale = () => void fetchStage();
  }, [turns, fetchStage]);

  // What a turn shows joins what is kept for a page that opens without network.
  const shownByTurns = Object.values(turnsView.of).flatMap((one) => Object.values(one.view.files ?? {})).join(" ");
  useEffect(() => {
    if (stage && shownByTurns) void keepPage(SITTING_PATH, [...new Set([...stage.files.map((file) => file.url), ...shownByTurns.split(" ")])]);
  }, [stage, shownByTurns]);

  const running = state?.status === "running" && state.device === "this";
  const wanted = running && (stage === null || stage.stage !== state.stage);
  useEffect(() => {
    if (wanted) void fetchStage();
  }, [wanted, fetchStage]);

  const heardAt = held.dataUpdatedAt;
  useEffect(() => {
    if (running && stage?.stage === state.stage) queue.see(state, heardAt, stage);
  }, [running, state, heardAt, stage, queue]);

  const act = async (what: () => Promise<State>) => {
    setBusy(true);
    setFailed(null);
    try {
      await what();
      await held.refetch();
    } catch (refusal) {
      setFailed(refusal);
      await held.refetch();
    } finally {
      setBusy(false);
    }
  };
  const handIn = () =>
    act(async () => {
      await queue.settled();
      await turns.settled();
      const next = await endStage(queue.token, stage?.stage ?? 0);
      if (next.status === "finished") await queue.end();
      return next;
    });

  const gone = held.error && ["gone", "unauthenticated"].includes(problemOf(held.error).kind);
  if (!state || gone) {
    return (
      <Child title={t("coming")} corner={<Back />}>
        {held.error ? <ErrorState error={held.error} onRetry={() => (gone ? void onDevice.write(null).then(onLost) : void held.refetch())} /> : <Skeleton />}
      </Child>
    );
  }
  if (state.status === "finished") {
    return (
      <Child title={t("finished_title")}>
        {waiting > 0 ? (
          <Notice tone="sun">{t("finished_waiting", { count: waiting })}</Notice>
        ) : (
          <Notice tone="tree">{t("finished_text")}</Notice>
        )}
        <LinkButton href="/eleve" tone="main" big>
          {t("to_my_page")}
        </LinkButton>
      </Child>
    );
  }
  if (state.device === "asking") {
    return (
      <Child title={t("asking_title")} corner={<Back />}>
        <p role="status">{t("asking_text")}</p>
      </Child>
    );
  }
  if (state.device === "other") {
    return (
      <Child title={t("other_title")} corner={<Back />}>
        <p>{t("other_text")}</p>
        {waiting > 0 && <Notice tone="sun">{t("other_waiting", { count: waiting })}</Notice>}
        <Button big onPress={() => void onDevice.write(null).then(onLost)}>
          {t("other_ask")}
        </Button>
      </Child>
    );
  }
  if (state.status === "waiting") {
    return (
      <Child title={state.name} corner={<Back />}>
        <p className="sitting-of">{state.title}</p>
        <p>{t("length", { count: state.minutes })}</p>
        <Training done={trained} onDone={() => setTrained(true)} />
        {failed !== null && <ErrorState error={failed} />}
        {state.open && !state.askEach ? (
          <Button tone="main" big pending={busy} onPress={() => void act(() => start(queue.token))}>
            {t("begin")}
          </Button>
        ) : (
          <p role="status" className="sitting-wait">
            {t(state.open ? "wait_start" : "wait_open")}
          </p>
        )}
      </Child>
    );
  }
  if (state.status === "paused") {
    return (
      <Child title={t("paused_title")}>
        <p role="status">{t("paused_text")}</p>
      </Child>
    );
  }
  if (!stage || stage.stage !== state.stage) {
    return (
      <Child title={t("coming")}>
        {failed !== null ? <ErrorState error={failed} onRetry={() => void fetchStage()} /> : <Skeleton rows={4} />}
      </Child>
    );
  }
  return <StagePage key={stage.stage} state={state} stage={stage} queue={queue} view={view} turns={turns} turnsView={turnsView} now={now} busy={busy} failed={failed} onHandIn={handIn} />;
}
