import { useState } from "react";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, Checkbox, DateField, Dialog, Form, Notice, RadioGroup } from "@/ui";
import type { WaitingPerson } from "./api";
import { NamesProblem } from "./refusal";
import { SixWords } from "./SixWords";
import type { Names } from "./useNames";
import { usePersonWords } from "./usePersonWords";

/** The last instant of a calendar day here, or null when the text is none. */
function endOf(day: string): number | null {
  const at = new Date(`${day}T23:59:59.999`).getTime();
  return Number.isNaN(at) ? null : at;
}

/** Lets somebody in once their words have been compared with them. */
export function LetInDialog({ names, person, onClose, onDone }: { names: Names; person: WaitingPerson; onClose: () => void; onDone: () => void }) {
  const t = useT("names");
  const format = useFormat();
  const words = usePersonWords(person);
  const mine = names.view.server?.mine?.until ?? null;
  const [term, setTerm] = useState<"open" | "dated">(mine === null ? "open" : "dated");
  const [day, setDay] = useState("");
  const [compared, setCompared] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const letIn = async () => {
    const end = term === "dated" ? endOf(day) : null;
    if (term === "dated" && (end === null || end <= Date.now())) return { day: t("let_in_past") };
    setPending(true);
    setError(null);
    try {
      await names.school.letIn({ ...person, until: end !== null && mine !== null ? Math.min(end, mine) : end });
      onDone();
    } catch (refusal) {
      setError(refusal);
      setPending(false);
    }
    return undefined;
  };

  return (
    <Dialog title={t("let_in_title", { name: person.name })} open onClose={onClose}>
      <Form onSubmit={letIn}>
        <p>{t("let_in_compare", { name: person.name })}</p>
        <SixWords words={words} label={t("let_in_words", { name: person.name })} fingerprint />
        <Checkbox checked={compared} onChange={setCompared} required>
          {t("let_in_compared")}
        </Checkbox>
        <RadioGroup
          label={t("let_in_term")}
          value={term}
          onChange={setTerm}
          options={[
            { id: "open", label: t("let_in_open"), disabled: mine !== null },
            { id: "dated", label: t("let_in_dated"), detail: t("let_in_dated_detail") },
          ]}
        />
        {term === "dated" && <DateField label={t("let_in_last_day")} name="day" value={day} onChange={setDay} required />}
        {mine !== null && <Notice>{t("let_in_mine", { date: format.date(mine) })}</Notice>}
        {error !== null && <NamesProblem error={error} />}
        <Actions>
          <Button tone="main" type="submit" pending={pending}>
            {t("let_in")}
          </Button>
          <Button onPress={onClose} disabled={pending}>
            {t("cancel")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
