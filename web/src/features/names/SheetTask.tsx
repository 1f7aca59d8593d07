import { useState } from "react";
import { useT } from "@/i18n";
import { Button, Notice } from "@/ui";
import type { RecoverySheet } from "./namesKey";
import { NamesProblem } from "./refusal";
import type { Names } from "./useNames";
import { livingSheet } from "./view";

/** Stays until somebody says that the recovery sheet is stored: a page left too early, a printer out of paper. */
export function SheetTask({ names, onSheet }: { names: Names; onSheet: (sheet: RecoverySheet) => void }) {
  const t = useT("names");
  const [pending, setPending] = useState<"new" | "stored" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const sheet = livingSheet(names.view.server);
  if (!sheet || typeof sheet.storedAt === "number") return null;
  const attempt = async (what: "new" | "stored", act: () => Promise<void>) => {
    setPending(what);
    setError(null);
    try {
      await act();
    } catch (refusal) {
      setError(refusal);
    }
    setPending(null);
  };
  return (
    <>
      <Notice
        tone="sun"
        title={t("sheet_task_title")}
        action={
          <>
            <Button tone="main" pending={pending === "new"} onPress={() => void attempt("new", async () => onSheet(await names.school.newSheet()))}>
              {t("sheet_task_new")}
            </Button>
            <Button pending={pending === "stored"} onPress={() => void attempt("stored", () => names.school.sheetStored())}>
              {t("sheet_task_stored")}
            </Button>
          </>
        }
      >
        {t("sheet_task_text")}
      </Notice>
      {error !== null && <NamesProblem error={error} />}
    </>
  );
}
