import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, LinkButton, Notice, Progress } from "@/ui";
import { refusals, NamesProblem } from "./refusal";
import { listName } from "./search";
import { UnlockDialog } from "./UnlockForm";
import { useFreshAccess, useNames, type Names } from "./useNames";
import "./SeatName.css";

/** How often a page asks whether one has been let in, in milliseconds. */
const WAITING_MS = 10_000;

/** A seat as staff see it: "Nom Prénom", as lists are sorted, beside its pseudonym, or the pseudonym alone. */
export function SeatName({ seat }: { seat: { id: string; pseudonym: string } }) {
  const t = useT("names");
  const names = useNames(useWork().school.id);
  const name = names.name(seat.id);
  const refused = names.refused(seat.id);
  if (name) {
    return (
      <span className="seat-name">
        <span translate="no">
          {listName(name)}
        </span>
        <span className="seat-pseudonym">{seat.pseudonym}</span>
      </span>
    );
  }
  return (
    <span className="seat-name">
      <span>{seat.pseudonym}</span>
      {refused && (
        <span className="seat-refused">
          <CircleAlert aria-hidden size={16} /> {t(refusals[refused])}
        </span>
      )}
    </span>
  );
}

/**
 * One line above a list of seats: why names do not show, and what to do. Nothing
 * when they do.
 */
export function NamesLine({ names }: { names: Names }) {
  const t = useT("names");
  const [asking, setAsking] = useState(false);
  useFreshAccess(names.school, names.status === "waiting" ? WAITING_MS : null);
  if (names.progress) return <Progress label={t("opening")} done={names.progress.done} total={names.progress.total} />;
  if (names.view.problem !== null) {
    return (
      <>
        <NamesProblem error={names.view.problem} />
        <div>
          <Button onPress={() => void names.school.retry()}>{t("retry")}</Button>
        </div>
      </>
    );
  }
  switch (names.status) {
    case "loading":
    case "ready":
      return null;
    case "locked":
      return (
        <>
          <Notice action={<Button onPress={() => setAsking(true)}>{t("line_unlock")}</Button>}>{t("line_locked")}</Notice>
          <UnlockDialog open={asking} onClose={() => setAsking(false)} />
        </>
      );
    case "none":
      return <Notice action={<LinkButton href="/noms">{t("line_open_page")}</LinkButton>}>{t(names.view.hasKey ? "line_no_key" : "line_no_phrase")}</Notice>;
    case "waiting":
      return <Notice action={<LinkButton href="/noms">{t("line_open_page")}</LinkButton>}>{t("line_waiting")}</Notice>;
    case "changed":
      return (
        <Notice tone="brick" action={<LinkButton href="/noms">{t("line_compare")}</LinkButton>}>
          {t("line_changed")}
        </Notice>
      );
  }
}
