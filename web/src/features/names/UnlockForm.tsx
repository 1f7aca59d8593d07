import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Checkbox, Dialog, Form, LinkButton, PasswordField } from "@/ui";
import { NamesProblem } from "./refusal";
import { names } from "./session";

/** Asks the six words. They stay in this browser. */
export function UnlockForm({ onDone, children }: { onDone?: () => void; children?: React.ReactNode }) {
  const t = useT("names");
  const [own, setOwn] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const unlock = async (data: FormData) => {
    setPending(true);
    setError(null);
    try {
      await names.unlock(String(data.get("phrase")), own);
      onDone?.();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setPending(false);
    }
  };
  return (
    <Form onSubmit={(data) => void unlock(data)}>
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
