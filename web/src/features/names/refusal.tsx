import { useT } from "@/i18n";
import { Notice, ProblemNotice } from "@/ui";
import { NamesError, type NamesReason } from "./error";

/** The sentence of each refusal. */
export const refusals: Record<NamesReason, string> = {
  phrase: "refused_phrase",
  phrase_word: "refused_phrase_word",
  phrase_count: "refused_phrase_count",
  damaged: "refused_damaged",
  key_mismatch: "refused_key_mismatch",
  signer: "refused_signer",
  signature: "refused_signature",
  version: "refused_version",
  school: "refused_school",
  recipient: "refused_recipient",
  too_long: "refused_too_long",
  locked: "refused_locked",
  stopped: "refused_stopped",
};

/** What was refused, by the browser's own checks or by the server. */
export function NamesProblem({ error }: { error: unknown }) {
  const t = useT("names");
  if (!(error instanceof NamesError)) return <ProblemNotice problem={error} />;
  return (
    <Notice tone={error.reason === "stopped" ? "sun" : "brick"} alert>
      {t(refusals[error.reason])}
    </Notice>
  );
}
