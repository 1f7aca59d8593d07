import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Card, ConfirmDialog, Notice } from "@/ui";
import type { RecoverySheet } from "./namesKey";
import { NamesProblem } from "./refusal";
import { SixWords } from "./SixWords";
import type { Names } from "./useNames";

/** The school has no names key: those who lead make it, the others ask. */
export function FirstKey({ names, manages, onSheet }: { names: Names; manages: boolean; onSheet: (sheet: RecoverySheet) => void }) {
  const t = useT("names");
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const make = async () => {
    setPending(true);
    setError(null);
    try {
      onSheet(await names.school.createKey());
    } catch (refusal) {
      setError(refusal);
      setPending(false);
    }
  };
  if (!manages) {
    return (
      <Card title={t("first_key_title")}>
        <p>{t("first_key_ask")}</p>
      </Card>
    );
  }
  return (
    <Card title={t("first_key_title")} intro={t("first_key_text")}>
      <ul className="names-points">
        <li>{t("first_key_point_server")}</li>
        <li>{t("first_key_point_people")}</li>
        <li>{t("first_key_point_sheet")}</li>
      </ul>
      {error !== null && <NamesProblem error={error} />}
      <Actions>
        <Button tone="main" onPress={() => void make()} pending={pending} disabled={names.school.locked}>
          {t("first_key_make")}
        </Button>
      </Actions>
      {names.school.locked && <Notice tone="sun">{t("first_key_unlock")}</Notice>}
    </Card>
  );
}

/** The school's key once it is open: its words, and making another. */
export function SchoolKey({ names, manages, onSheet }: { names: Names; manages: boolean; onSheet: (sheet: RecoverySheet) => void }) {
  const t = useT("names");
  const [renewing, setRenewing] = useState(false);
  const left = manages ? names.school.outdated().length : 0;
  const [rewriting, setRewriting] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const rewrite = async () => {
    setRewriting(true);
    setError(null);
    try {
      await names.school.rewrite();
    } catch (refusal) {
      setError(refusal);
    } finally {
      setRewriting(false);
    }
  };
  return (
    <Card title={t("school_key_title")} intro={t("school_key_intro")}>
      <SixWords words={names.view.words ?? []} label={t("school_words")} fingerprint />
      {left > 0 && (
        <Notice
          tone="sun"
          action={
            <Button onPress={() => void rewrite()} pending={rewriting}>
              {t("rewrite_finish")}
            </Button>
          }
        >
          {t("rewrite_left", { count: left })}
        </Notice>
      )}
      {error !== null && <NamesProblem error={error} />}
      {manages && (
        <Actions>
          <Button onPress={() => setRenewing(true)}>{t("renew")}</Button>
        </Actions>
      )}
      <ConfirmDialog
        title={t("renew_title")}
        action={t("renew")}
        danger
        open={renewing}
        onClose={() => setRenewing(false)}
        onConfirm={async () => onSheet(await names.school.renewKey())}
      >
        <p>{t("renew_text")}</p>
        <p>{t("renew_after")}</p>
      </ConfirmDialog>
    </Card>
  );
}
