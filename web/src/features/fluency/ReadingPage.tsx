import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from "react";
import { useT } from "@/i18n";
import { Actions, announce, Button, Notice, RadioGroup } from "@/ui";
import type { ReadingState } from "./queue";

const MINUTE = 60;

interface Props {
  title: string;
  words: readonly string[];
  who: ReactNode;
  /** A reading whose clock has run, to be finished. */
  from: ReadingState | null;
  /** Hears each tap. */
  onSave: (state: ReadingState) => void;
  onLeave: () => void;
}

/** One pupil reads: the clock, the words read wrong, the last word read. */
export function ReadingPage({ title, words, who, from, onSave, onLeave }: Props) {
  const t = useT("fluency");
  const [state, setState] = useState<ReadingState>(from ?? { wrong: [], last: 0, seconds: 0, done: false, void: false });
  const [step, setStep] = useState<"ready" | "running" | "after">(from ? "after" : "ready");
  const [tap, setTap] = useState<"wrong" | "last">(from ? "last" : "wrong");
  const [left, setLeft] = useState(MINUTE);
  const begun = useRef(0);
  const elapsed = () => Math.min(MINUTE, Math.max(1, Math.round((performance.now() - begun.current) / 1000)));
  const save = (change: Partial<ReadingState>) => {
    const next = { ...state, ...change };
    setState(next);
    onSave(next);
  };
  const start = () => {
    begun.current = performance.now();
    setStep("running");
    save({ seconds: 0 });
  };
  const stop = (change: Partial<ReadingState>) => {
    setStep("after");
    setTap("last");
    save(change);
  };
  const tick = useEffectEvent(() => {
    const gone = (performance.now() - begun.current) / 1000;
    setLeft(Math.max(0, Math.ceil(MINUTE - gone)));
    if (gone >= MINUTE) {
      announce(t("time_over"));
      stop({ seconds: MINUTE });
    }
  });
  useEffect(() => {
    if (step !== "running") return;
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [step]);
  const press = (n: number) => {
    if (step === "after" && tap === "last") return save({ last: n });
    save({ wrong: state.wrong.includes(n) ? state.wrong.filter((w) => w !== n) : [...state.wrong, n].sort((a, b) => a - b), ...(step === "running" ? { seconds: elapsed() } : {}) });
  };
  const finish = (change: Partial<ReadingState>) => {
    save({ done: true, ...change });
    onLeave();
  };
  return (
    <section className="fluency" aria-label={title}>
      <div className="fluency-top">
        <p className="fluency-who">{who}</p>
        <p className="fluency-clock" role="timer" aria-live="off">
          {step === "after" ? t("over", { count: state.seconds }) : t("left", { count: left })}
        </p>
      </div>
      {step === "ready" && <Notice>{t("ready")}</Notice>}
      {step === "running" && <p>{t("running")}</p>}
      {step === "after" && (
        <RadioGroup
          label={t("tap")}
          value={tap}
          onChange={setTap}
          row
          options={[
            { id: "last", label: t("tap_last") },
            { id: "wrong", label: t("tap_wrong") },
          ]}
        />
      )}
      <p role="status">{t("so_far", { wrong: t("wrong", { count: state.wrong.length }), last: state.last > 0 ? t("last", { number: state.last, word: words[state.last - 1] ?? "" }) : t("no_last") })}</p>
      <Actions>
        {step === "ready" && (
          <Button tone="main" onPress={start}>
            {t("start")}
          </Button>
        )}
        {step === "running" && (
          <Button tone="main" onPress={() => stop({ last: words.length, seconds: elapsed() })}>
            {t("text_over")}
          </Button>
        )}
        {step === "after" && (
          <Button tone="main" disabled={state.last === 0} onPress={() => finish({})}>
            {t("finish")}
          </Button>
        )}
        {step !== "ready" && <Button onPress={() => finish({ void: true })}>{t("disturbed")}</Button>}
        {step !== "running" && (
          <Button tone="quiet" onPress={onLeave}>
            {t("back")}
          </Button>
        )}
      </Actions>
      <ol className="fluency-words" lang="fr">
        {words.map((word, i) => {
          const n = i + 1;
          const wrong = state.wrong.includes(n);
          const beyond = state.last > 0 && n > state.last;
          return (
            <li key={n}>
              <button type="button" className="fluency-word" aria-pressed={step === "after" && tap === "last" ? state.last === n : wrong} data-wrong={wrong || undefined} data-last={state.last === n || undefined} data-beyond={beyond || undefined} disabled={step === "ready"} onClick={() => press(n)}>
                <span className="fluency-number">{n}</span>
                {word}
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
