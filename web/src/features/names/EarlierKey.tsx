import { useState } from "react";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, Card, ConfirmDialog } from "@/ui";
import type { Names } from "./useNames";

/** A key that was replaced less than a month ago: it can be put back, with those it let in. */
export function EarlierKey({ names }: { names: Names }) {
  const t = useT("names");
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const earlier = names.view.server?.earlier;
  if (!earlier) return null;
  return (
    <Card title={t("earlier_title")} intro={t("earlier_text", { date: format.date(earlier.retiredAt) })}>
      <Actions>
        <Button onPress={() => setAsking(true)}>{t("earlier_restore")}</Button>
      </Actions>
      <ConfirmDialog
        title={t("earlier_restore")}
        action={t("earlier_restore")}
        danger
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => names.school.restoreKey(earlier.id)}
      >
        <p>{t("earlier_confirm")}</p>
      </ConfirmDialog>
    </Card>
  );
}
