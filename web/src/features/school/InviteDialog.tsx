import { useState } from "react";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Copyable, Dialog, Form, TextField, toast } from "@/ui";
import { type Person, useGiveRole, useInvite } from "./api";
import { blankRole, type RoleDraft, RoleFields, roleBody } from "./RoleFields";

/** Makes an invitation, and gives its link to hand on: nothing is sent. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const t = useT("school");
  const format = useSchoolFormat();
  const { school } = useWork();
  const [draft, setDraft] = useState<RoleDraft>(blankRole);
  const [email, setEmail] = useState("");
  const invite = useInvite(school.id);
  if (invite.data) {
    return (
      <Dialog title={t("invite_made")} open onClose={onClose} firm>
        <p>{t("invite_link_text", { date: format.moment(invite.data.expiresAt) })}</p>
        <Copyable text={invite.data.link} label={t("invite_link")} note={t("invite_link_once")} />
        <Actions>
          <Button tone="main" onPress={onClose}>
            {t("done")}
          </Button>
        </Actions>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("invite_title")} open onClose={onClose}>
      <Form error={invite.error} onSubmit={() => invite.mutate({ ...roleBody(draft, school.id, school.zone), ...(email.trim() ? { email: email.trim() } : {}) })}>
        <RoleFields draft={draft} onChange={setDraft} />
        <TextField label={t("invite_email")} name="email" type="email" value={email} onChange={setEmail} optional help={t("invite_email_help")} maxLength={254} autoComplete="off" />
        <Actions>
          <Button type="submit" tone="main" pending={invite.isPending}>
            {t("invite_make")}
          </Button>
          <Button onPress={onClose}>{t("cancel")}</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** Gives one more role to somebody who has an account. */
export function GiveRoleDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const t = useT("school");
  const { school } = useWork();
  const [draft, setDraft] = useState<RoleDraft>(blankRole);
  const give = useGiveRole(school.id);
  return (
    <Dialog title={t("give_title", { name: person.name })} open onClose={onClose}>
      <Form
        error={give.error}
        onSubmit={() =>
          give.mutate(
            { staff: person.id, ...roleBody(draft, school.id, school.zone) },
            {
              onSuccess: () => {
                toast(t("role_given"));
                onClose();
              },
            },
          )
        }
      >
        <RoleFields draft={draft} onChange={setDraft} />
        <Actions>
          <Button type="submit" tone="main" pending={give.isPending}>
            {t("give")}
          </Button>
          <Button onPress={onClose}>{t("cancel")}</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
