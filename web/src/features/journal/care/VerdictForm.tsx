import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, TextArea, toast } from "@/ui";
import { journalKey } from "../api";
import { usePlace } from "../place";

type Props = {
  /** The words of the two decisions. */
  yes: string;
  no: string;
  /** What each does, said before it is done. */
  yesText: string;
  noText: string;
  /** Accepting needs a reason too. */
  reasoned?: boolean;
  run: (accept: boolean, reason: string) => Promise<unknown>;
};

/** Two decisions, each explained before it is taken, with the reason that whoever asked will read. */
export function VerdictForm({ yes, no, yesText, noText, reasoned, run }: Props) {
  const t = useT("desk");
  const { school } = usePlace();
  const queries = useQueryClient();
  const [accept, setAccept] = useState<boolean | null>(null);
  const decide = useMutation({
    mutationFn: (reason: string) => run(accept === true, reason),
    onSuccess: async () => {
      toast(t("decided"));
      setAccept(null);
      await queries.invalidateQueries({ queryKey: journalKey(school) });
    },
  });
  const asks = accept === false || reasoned;
  return (
    <>
      <Actions>
        <Button tone="main" onPress={() => setAccept(true)}>
          {yes}
        </Button>
        <Button onPress={() => setAccept(false)}>{no}</Button>
      </Actions>
      <Dialog title={accept ? yes : no} open={accept !== null} onClose={() => setAccept(null)}>
        <p>{accept ? yesText : noText}</p>
        <Form onSubmit={(data) => decide.mutate(String(data.get("reason") ?? "").trim())} error={decide.error}>
          <TextArea label={t("reason")} name="reason" required={asks} optional={!asks} rows={4} maxLength={2000} help={t("reason_asker")} wide autoFocus />
          <Actions>
            <Button type="submit" tone="main" pending={decide.isPending}>
              {accept ? yes : no}
            </Button>
          </Actions>
        </Form>
      </Dialog>
    </>
  );
}
