import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Problem } from "@/api";
import { useT } from "@/i18n";
import { Actions, Button, Card, Notice, ProblemNotice, Progress } from "@/ui";
import { NamesError } from "../names/error";
import type { Names } from "../names/useNames";
import { secureBelow } from "../pseudonyms/random";
import { importApi } from "./api";
import { changes, type Comparison } from "./compare";
import type { GroupPlan } from "./groupPlan";
import type { JourneyActs } from "./journey";
import { runImport, type Job, type Phase } from "./run";
import { nextNumber, type SchoolNow } from "./school";

interface SendStepProps {
  schoolId: string;
  acts: JourneyActs;
  names: Names;
  plan: GroupPlan;
  comparison: Comparison;
  now: SchoolNow;
}

/** How the last try ended: stopped or failed, and in which phase. */
type Ended = { phase: Phase; error: unknown };

const isStop = (error: unknown) => (error instanceof NamesError && error.reason === "stopped") || (error instanceof DOMException && error.name === "AbortError");

/** The last step: seal, send at once, with the count and a way to stop. */
export function SendStep({ schoolId, acts, names, plan, comparison, now }: SendStepProps) {
  const t = useT("import");
  const queries = useQueryClient();
  const [progress, setProgress] = useState<{ phase: Phase; done: number; total: number } | null>(null);
  const [ended, setEnded] = useState<Ended | null>(null);
  const stop = useRef<AbortController | null>(null);
  const { journey, change } = acts;
  const changing = journey.job?.present ?? comparison.present.filter(changes);
  const seats = journey.job?.arrivals.length ?? comparison.arrivals.length;
  const leaving = journey.job?.leaving ?? comparison.departed.filter((s) => journey.leaving.has(s.id)).map((s) => s.id);
  const newGroups = plan.groups.filter((g) => !g.known).length;
  const updates = changing.length + leaving.length;

  const send = async () => {
    const keyId = names.view.server?.key?.id;
    if (!keyId) return;
    const job: Job = journey.job ?? {
      schoolId,
      importId: crypto.randomUUID(),
      yearId: now.yearId,
      plan,
      firstNumber: nextNumber(now),
      arrivals: comparison.arrivals.flatMap((pupil) => {
        const pseudonym = journey.drawn.get(pupil.line);
        return pseudonym ? [{ pupil, pseudonym }] : [];
      }),
      present: changing,
      leaving,
    };
    const controller = new AbortController();
    stop.current = controller;
    let phase: Phase = "secrets";
    setEnded(null);
    change({ job });
    try {
      const done = await runImport(
        job,
        importApi,
        { keyId, seal: names.seal, learn: names.learn },
        {
          signal: controller.signal,
          below: secureBelow,
          onPhase: (now_, done_, total) => {
            phase = now_;
            setProgress({ phase: now_, done: done_, total });
          },
        },
      );
      // The list is forgotten as soon as it is no longer needed.
      change({ done, source: null, reading: null, job: null, drawn: new Map(), drawer: null });
      void queries.invalidateQueries();
    } catch (error) {
      setEnded({ phase, error });
    } finally {
      setProgress(null);
      stop.current = null;
    }
  };

  const back = () => {
    // The seats may have been made: the comparison starts from what the school has now.
    void queries.invalidateQueries({ queryKey: ["school", schoolId, "import"] });
    acts.change({ step: "compare", job: null, drawnFor: "" });
  };

  return (
    <>
      <Card intro={t("send_ready")}>
        <ul className="import-sum">
          {seats > 0 && <li>{t("sum_seats", { count: seats })}</li>}
          {newGroups > 0 && <li>{t("sum_groups", { count: newGroups })}</li>}
          {changing.length > 0 && <li>{t("sum_changes", { count: changing.length })}</li>}
          {leaving.length > 0 && <li>{t("sum_leaving", { count: leaving.length })}</li>}
        </ul>
      </Card>
      {progress && <Progress label={t(`phase_${progress.phase}`)} done={progress.done} total={progress.total} onStop={() => stop.current?.abort()} />}
      {ended && <HowItEnded ended={ended} />}
      {!progress && (
        <Actions>
          <Button tone="main" onPress={() => void send()} disabled={seats + updates + newGroups === 0}>
            {ended ? t("send_again") : seats > 0 ? t("send", { count: seats }) : t("send_changes", { count: updates })}
          </Button>
          <Button onPress={journey.job ? back : () => acts.go(seats > 0 ? "pseudonyms" : "compare")}>{t("previous")}</Button>
        </Actions>
      )}
    </>
  );
}

function HowItEnded({ ended }: { ended: Ended }) {
  const t = useT("import");
  if (isStop(ended.error)) {
    const sent = ended.phase === "changes" ? "stopped_changes" : ended.phase === "send" ? "stopped_sending" : "stopped";
    return (
      <Notice tone="sun" alert>
        {t(sent)}
      </Notice>
    );
  }
  if (ended.error instanceof Problem && (ended.error.kind === "offline" || ended.error.kind === "timeout")) {
    return (
      <Notice tone="brick" title={t("failed")} alert>
        {t("failed_offline")}
      </Notice>
    );
  }
  return <ProblemNotice problem={ended.error} />;
}
