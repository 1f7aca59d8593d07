import { CloudOff, TriangleAlert } from "lucide-react";
import { Abandoned, type Problem, problemOf } from "@/api/problem";
import { useT } from "@/i18n";
import { Button } from "./Button";
import { Notice } from "./Notice";
import "./ErrorState.css";

type Words = { what: string; safe: string; todo: string };

/** What to tell about a problem: what happened, what is safe, what to do. */
export function useProblemWords(): (problem: Problem) => Words {
  const t = useT("ui");
  return (problem) => {
    switch (problem.kind) {
      case "offline":
        return { what: t("offline_what"), safe: t("offline_safe"), todo: t("offline_todo") };
      case "timeout":
        return { what: t("timeout_what"), safe: t("timeout_safe"), todo: t("timeout_todo") };
      case "unreadable":
        return { what: t("unreadable_what"), safe: t("unreadable_safe"), todo: t("unreadable_todo") };
      case "internal":
        return { what: t("internal_what"), safe: t("internal_safe"), todo: t("internal_todo") };
      default:
        return { what: problem.detail || t("refused_what"), safe: "", todo: "" };
    }
  };
}

/** A refusal, above the buttons of the form or dialog that asked. */
export function ProblemNotice({ problem: raw }: { problem: unknown }) {
  const t = useT("ui");
  const words = useProblemWords();
  if (raw instanceof Abandoned) return null;
  const problem = problemOf(raw);
  const { what, safe, todo } = words(problem);
  return (
    <Notice tone={problem.kind === "limited" ? "sun" : "brick"} alert>
      <p className="notice-title">{what}</p>
      {(safe || todo) && (
        <p>
          {safe} {todo}
        </p>
      )}
      {problem.retryAfter > 0 && <p>{t("retry_after", { count: problem.retryAfter })}</p>}
      {problem.id && <p className="notice-id">{t("problem_id", { id: problem.id })}</p>}
    </Notice>
  );
}

/** In the place of what could not be shown: what happened, what is safe, what to do, a short id. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useT("ui");
  const words = useProblemWords();
  const problem = problemOf(error);
  const { what, safe, todo } = words(problem);
  return (
    <section className="state state-error" role="alert">
      {problem.kind === "offline" ? <CloudOff aria-hidden size={32} /> : <TriangleAlert aria-hidden size={32} />}
      <h2>{what}</h2>
      {safe && <p>{safe}</p>}
      {todo && <p>{todo}</p>}
      {problem.id && <p className="notice-id">{t("problem_id", { id: problem.id })}</p>}
      {onRetry && <Button onPress={onRetry}>{t("retry")}</Button>}
    </section>
  );
}
