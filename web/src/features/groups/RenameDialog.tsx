import { useMutation } from "@tanstack/react-query";
import type { Names } from "@/features/names/useNames";
import { NamesProblem } from "@/features/names/refusal";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, TextField, toast } from "@/ui";
import type { Seat } from "./api";

type Props = { seat: Seat; names: Names; onClose: () => void };

/** Corrects the name of a seat; it is sealed again in this browser. */
export function RenameDialog({ seat, names, onClose }: Props) {
  const t = useT("groups");
  const known = names.name(seat.id);
  const rename = useMutation({
    mutationFn: (name: { last: string; first: string }) =>
      names.write([{ seatId: seat.id, ...name, secret: names.secret(seat.id), version: names.version(seat.id) + 1 }]),
    onSuccess: () => {
      toast(t("renamed"));
      onClose();
    },
  });
  return (
    <Dialog title={t("rename_title", { pseudonym: seat.pseudonym })} open onClose={onClose}>
      <Form onSubmit={(data) => rename.mutate({ last: String(data.get("last")).trim(), first: String(data.get("first")).trim() })}>
        <TextField label={t("last_name")} name="last" defaultValue={known?.last} required maxLength={100} autoComplete="off" autoCapitalize="words" autoFocus />
        <TextField label={t("first_name")} name="first" defaultValue={known?.first} required maxLength={100} autoComplete="off" autoCapitalize="words" />
        {rename.error !== null && <NamesProblem error={rename.error} />}
        <Actions>
          <Button type="submit" tone="main" pending={rename.isPending}>
            {t("rename_do")}
          </Button>
          <Button onPress={onClose}>{t("cancel")}</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
