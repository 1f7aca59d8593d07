import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { passkeysWork } from "@/features/session/passkeys";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, Card, ConfirmDialog, Dialog, ErrorState, Form, ProblemNotice, Skeleton, TextField, toast } from "@/ui";
import { type Passkey, passkeysQuery, useAddPasskey, useRemovePasskey } from "./api";

function AddDialog({ onClose }: { onClose: () => void }) {
  const t = useT("account");
  const [label, setLabel] = useState("");
  const add = useAddPasskey();
  return (
    <Dialog title={t("passkey_add")} open onClose={onClose}>
      <Form
        onSubmit={() =>
          add.mutate(label.trim(), {
            onSuccess: () => {
              toast(t("passkey_added"));
              onClose();
            },
          })
        }
      >
        {add.error && <ProblemNotice problem={add.error} />}
        <p>{t("passkey_add_text")}</p>
        <TextField label={t("passkey_label")} name="label" value={label} onChange={setLabel} required maxLength={60} help={t("passkey_label_help")} autoFocus />
        <Actions>
          <Button type="submit" tone="main" pending={add.isPending}>
            {t("passkey_create")}
          </Button>
          <Button onPress={onClose}>{t("cancel")}</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** The passkeys of the account. */
export function Passkeys() {
  const t = useT("account");
  const format = useFormat();
  const query = useQuery(passkeysQuery);
  const remove = useRemovePasskey();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  const works = passkeysWork();
  return (
    <Card
      title={t("passkeys")}
      intro={t(works ? "passkeys_intro" : "passkeys_not_here")}
      action={
        works && (
          <Button icon={<KeyRound aria-hidden size={18} />} onPress={() => setAdding(true)}>
            {t("passkey_add")}
          </Button>
        )
      }
    >
      {query.isLoadingError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton rows={1} />
      ) : (
        query.data.length > 0 && (
          <ul className="lines">
            {query.data.map((key) => (
              <li key={key.id} className="line">
                <div>
                  <p className="line-title">{key.label}</p>
                  <p className="line-detail">
                    {key.lastUsedAt === null ? t("passkey_made", { date: format.date(key.createdAt) }) : t("passkey_used", { date: format.date(key.lastUsedAt) })}
                  </p>
                </div>
                <Button onPress={() => setRemoving(key)} label={t("passkey_remove_of", { name: key.label })}>
                  {t("passkey_remove")}
                </Button>
              </li>
            ))}
          </ul>
        )
      )}
      {adding && <AddDialog onClose={() => setAdding(false)} />}
      <ConfirmDialog
        title={t("passkey_remove_title", { name: removing?.label ?? "" })}
        action={t("passkey_remove")}
        danger
        open={removing !== null}
        onClose={() => setRemoving(null)}
        onConfirm={async () => {
          await remove.mutateAsync(removing?.id ?? "");
          toast(t("passkey_removed"));
        }}
      >
        <p>{t("passkey_remove_text")}</p>
      </ConfirmDialog>
    </Card>
  );
}
