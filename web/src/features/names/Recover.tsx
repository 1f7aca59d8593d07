import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Card, Checkbox, ConfirmDialog, Dialog, Form, TextArea } from "@/ui";
import type { NamesKey, RecoverySheet } from "./namesKey";
import { NamesProblem } from "./refusal";
import { SixWords } from "./SixWords";
import type { Names } from "./useNames";

/** Nobody can let one in: the printed sheet, or everything made anew. */
export function Recover({ names, onSheet }: { names: Names; onSheet: (sheet: RecoverySheet) => void }) {
  const t = useT("names");
  const [asking, setAsking] = useState<"sheet" | "lost" | null>(null);
  const locked = names.school.locked;
  return (
    <Card title={t("recover_title")} intro={t(locked ? "recover_unlock" : "recover_intro")}>
      <Actions>
        <Button onPress={() => setAsking("sheet")} disabled={locked}>
          {t("recover_sheet")}
        </Button>
        <Button onPress={() => setAsking("lost")} disabled={locked}>
          {t("recover_lost")}
        </Button>
      </Actions>
      <Dialog title={t("recover_sheet_title")} open={asking === "sheet"} onClose={() => setAsking(null)}>
        <FromSheet names={names} onSheet={onSheet} />
      </Dialog>
      <ConfirmDialog
        title={t("recover_lost_title")}
        action={t("recover_lost_action")}
        danger
        open={asking === "lost"}
        onClose={() => setAsking(null)}
        onConfirm={async () => onSheet(await names.school.replaceLostKey())}
      >
        <p>{t("recover_lost_text")}</p>
        <p>{t("recover_lost_remains")}</p>
      </ConfirmDialog>
    </Card>
  );
}

function FromSheet({ names, onSheet }: { names: Names; onSheet: (sheet: RecoverySheet) => void }) {
  const t = useT("names");
  const [read, setRead] = useState<{ key: NamesKey; words: string[] } | null>(null);
  const [same, setSame] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const attempt = async (act: () => Promise<void>) => {
    setPending(true);
    setError(null);
    try {
      await act();
    } catch (refusal) {
      setError(refusal);
    }
    setPending(false);
  };
  if (!read) {
    return (
      <Form onSubmit={(data) => void attempt(async () => setRead(await names.school.readSheet(String(data.get("paper")))))}>
        <TextArea name="paper" label={t("recover_paper")} help={t("recover_paper_help")} rows={3} maxLength={200} autoComplete="off" required autoFocus wide />
        {error !== null && <NamesProblem error={error} />}
        <Actions>
          <Button tone="main" type="submit" pending={pending}>
            {t("recover_read")}
          </Button>
        </Actions>
      </Form>
    );
  }
  return (
    <>
      <p>{t("recover_compare")}</p>
      <SixWords words={read.words} label={t("school_words")} fingerprint />
      <Checkbox checked={same} onChange={setSame}>
        {t("recover_same")}
      </Checkbox>
      <p>{t("recover_next")}</p>
      {error !== null && <NamesProblem error={error} />}
      <Actions>
        <Button tone="main" disabled={!same} pending={pending} onPress={() => void attempt(async () => onSheet(await names.school.recover(read.key)))}>
          {t("recover_action")}
        </Button>
      </Actions>
    </>
  );
}
