import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, TextField, toast } from "@/ui";
import { type Rule, useShorten } from "./api";

/** How many days a school keeps something, between the least and the data map's. */
export function ShortenDialog({ school, rule, onClose }: { school: string; rule: Rule; onClose: () => void }) {
  const t = useT("privacy");
  const shorten = useShorten(school);
  const save = (data: FormData) =>
    shorten.mutate(
      { rule: rule.rule, days: Number.parseInt(String(data.get("days")), 10) || 0 },
      {
        onSuccess: () => {
          toast(t("shortened"));
          onClose();
        },
      },
    );
  return (
    <Dialog title={t("shorten_title", { what: rule.what })} open onClose={onClose}>
      <p>{t("rule_days", { count: rule.days, from: rule.from })}</p>
      <Form onSubmit={save} error={shorten.error}>
        <TextField
          name="days"
          label={t("shorten_days")}
          help={t("shorten_help", { least: rule.least, most: rule.mapDays, from: rule.from })}
          inputMode="numeric"
          defaultValue={String(rule.days)}
          required
        />
        <Actions>
          <Button type="submit" tone="main" pending={shorten.isPending}>
            {t("shorten_save")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
