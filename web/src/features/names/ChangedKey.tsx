import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Card, Checkbox, Form, Notice } from "@/ui";
import { SixWords } from "./SixWords";
import type { Names } from "./useNames";

/** The school shows another names key than the one accepted here: compare before believing. */
export function ChangedKey({ names }: { names: Names }) {
  const t = useT("names");
  const [compared, setCompared] = useState(false);
  const [pending, setPending] = useState(false);
  const accept = async () => {
    setPending(true);
    await names.school.acceptChangedKey();
    setPending(false);
  };
  return (
    <Card title={t("changed_title")}>
      <Notice tone="brick">{t("changed_text")}</Notice>
      <p>{t("changed_compare")}</p>
      <SixWords words={names.view.words ?? []} label={t("school_words")} />
      <Form onSubmit={() => void accept()}>
        <Checkbox checked={compared} onChange={setCompared} required>
          {t("changed_compared")}
        </Checkbox>
        <Actions>
          <Button type="submit" tone="danger" pending={pending}>
            {t("changed_accept")}
          </Button>
        </Actions>
      </Form>
    </Card>
  );
}
