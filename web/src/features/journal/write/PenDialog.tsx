import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, TextField } from "@/ui";
import { journalKey, setPenName } from "../api";
import { usePlace } from "../place";

/** Asks for the name that readers will see. */
export function PenDialog({ open, onClose, onDone }: { open: boolean; onClose: () => void; onDone?: () => void }) {
  const t = useT("desk");
  const { school, me, tu } = usePlace();
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: (name: string) => setPenName(school, name),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: journalKey(school) });
      onClose();
      onDone?.();
    },
  });
  return (
    <Dialog title={t("pen_title")} open={open} onClose={onClose}>
      <p>{t(`pen_text${tu}`)}</p>
      <Form onSubmit={(data) => set.mutate(String(data.get("penName") ?? "").trim())} error={set.error}>
        <TextField label={t("pen_name")} name="penName" required minLength={2} maxLength={40} defaultValue={me.author?.penName ?? ""} help={t(`pen_help${tu}`)} autoComplete="off" autoFocus />
        <Actions>
          <Button type="submit" tone="main" pending={set.isPending}>
            {t("pen_take")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
