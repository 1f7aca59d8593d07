import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Checkbox, Dialog, type Faults, Form, LinkButton, PasswordField, toast } from "@/ui";
import { NamesError } from "./error";
import { readPhrase } from "./phrase";
import { NamesProblem } from "./refusal";
import { names } from "./session";

/** Asks the six words. They stay in this browser. */
export function UnlockForm({ onDone, children }: { onDone?: () => void; children?: React.ReactNode }) {
  const t = useT("names");
  const [own, setOwn] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const unlock = async (data: FormData): Promise<Faults | undefined> => {
    const phrase = String(data.get("phrase"));
    const written = readPhrase(phrase);
    if (!written.ok) return { phrase: written.why === "count" ? t("refused_phrase_count") : t("phrase_word_unknown", { position: written.position }) };
    setPending(true);
    setError(null);
    try {
      await names.unlock(phrase, own);
      toast(t("unlocked"));
      onDone?.();
    } catch (refusal) {
      if (refusal instanceof NamesError && refusal.reason === "phrase") return { phrase: t("refused_phrase") };
      setError(refusal);
    } finally {
      setPending(false);
    }
    return undefined;
  };
  return (
    <Form onSubmit={unlock}>
      <PasswordField label={t("unlock_phrase")} name="phrase" help={t("unlock_help")} autoComplete="off" maxLength={200} required autoFocus={onDone !== undefined} wide />
      <Checkbox checked={own} onChange={setOwn} detail={t("own_detail")}>
        {t("own")}
      </Checkbox>
      {error !== null && <NamesProblem error={error} />}
      <Actions>
        <Button tone="main" type="submit" pending={pending}>
          {t("unlock")}
        </Button>
        {children}
      </Actions>
    </Form>
  );
}

/** The same question above any page. */
export function UnlockDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT("names");
  return (
    <Dialog title={t("unlock_title")} open={open} onClose={onClose}>
      <p>{t("unlock_intro")}</p>
      <UnlockForm onDone={onClose}>
        <LinkButton href="/noms" tone="quiet">
          {t("phrase_lost")}
        </LinkButton>
      </UnlockForm>
    </Dialog>
  );
}
