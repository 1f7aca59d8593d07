import { useState } from "react";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Card, ConfirmDialog, Notice, toast } from "@/ui";
import { MakePhrase } from "./MakePhrase";
import { names as vault } from "./session";
import { SixWords } from "./SixWords";
import { UnlockForm } from "./UnlockForm";
import type { Names } from "./useNames";
import { usePersonWords } from "./usePersonWords";

/** What is being made: another phrase for one's key, or another key. */
export type Making = "phrase" | "key" | null;

interface Props {
  names: Names;
  making: Making;
  onMake: (what: Making) => void;
}

/** One's own key: making it, opening it, its words, and what to do with it. */
export function MyKey({ names, making, onMake }: Props) {
  const t = useT("names");
  const { rights } = useWork();
  const [losing, setLosing] = useState(false);
  const [forgetting, setForgetting] = useState(false);
  const { view } = names;
  const unlocked = vault.key !== null;
  const person = vault.staffId !== null && vault.stored ? { staffId: vault.staffId, ...vault.stored } : null;
  const words = usePersonWords(person);

  if (making !== null || (!view.hasKey && view.server !== null)) {
    return (
      <Card title={t(making === "phrase" ? "phrase_change_title" : "phrase_title")} intro={making === "phrase" ? undefined : t("phrase_intro")}>
        <MakePhrase
          again={making === "phrase"}
          onDone={() => {
            onMake(null);
            toast(t("phrase_done"));
          }}
          onCancel={making === null ? undefined : () => onMake(null)}
        />
      </Card>
    );
  }
  if (!unlocked) {
    return (
      <Card title={t("unlock_title")} intro={t("unlock_intro")}>
        <UnlockForm>
          <Button tone="quiet" onPress={() => setLosing(true)}>
            {t("phrase_lost")}
          </Button>
        </UnlockForm>
        <ConfirmDialog
          title={t("phrase_lost_title")}
          action={t("phrase_lost_action")}
          danger
          open={losing}
          onClose={() => setLosing(false)}
          onConfirm={() => {
            onMake("key");
            return Promise.resolve();
          }}
        >
          <p>{t("phrase_lost_text")}</p>
          <p>{t(rights.leads ? "phrase_lost_manages" : "phrase_lost_head")}</p>
        </ConfirmDialog>
      </Card>
    );
  }
  return (
    <Card title={t("my_words_title")} intro={t("my_words_intro")}>
      <SixWords words={words} label={t("my_words_title")} fingerprint />
      <Notice tone={vault.own ? "info" : "tree"}>{t(vault.own ? "device_own" : "device_shared")}</Notice>
      <Actions>
        <Button onPress={() => onMake("phrase")}>{t("phrase_change")}</Button>
        <Button onPress={() => setForgetting(true)}>{t(vault.own ? "device_forget" : "lock")}</Button>
      </Actions>
      <ConfirmDialog
        title={t(vault.own ? "device_forget" : "lock")}
        action={t(vault.own ? "device_forget" : "lock")}
        open={forgetting}
        onClose={() => setForgetting(false)}
        onConfirm={() => vault.forgetDevice()}
      >
        <p>{t("device_forget_text")}</p>
      </ConfirmDialog>
    </Card>
  );
}
