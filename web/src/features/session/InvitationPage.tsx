import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { api, type Schema, unwrap } from "@/api/client";
import { problemOf } from "@/api/problem";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, ErrorState, Form, LinkButton, PasswordField, ProblemNotice, Skeleton, TextField } from "@/ui";
import { Gateway } from "./Gateway";
import { type Me, meQuery, type Role, useMeQuery } from "./me";
import { SHORTEST_PASSWORD } from "./password";
import { forgetToken, linkToken, rememberReturn } from "./returnTo";
import { DeadLink } from "./SetUpPage";
import { roleKeys } from "./words";

type Invitation = Schema<"InvitationOutBody">;

function useAccept(token: string) {
  const queries = useQueryClient();
  const [, go] = useLocation();
  return useMutation({
    mutationFn: (account: { name?: string; email?: string; password?: string }) => unwrap(api.POST("/invitations/accept", { body: { token, ...account } })),
    onSuccess: (me) => {
      forgetToken();
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      go("/aujourdhui", { replace: true });
    },
  });
}

function WithAccount({ me, token }: { me: Me; token: string }) {
  const t = useT("session");
  const accept = useAccept(token);
  return (
    <>
      <p>{t("invitation_signed_in", { name: me.staff.name, email: me.staff.email })}</p>
      {accept.error && <ProblemNotice problem={accept.error} />}
      <Actions>
        <Button tone="main" onPress={() => accept.mutate({})} pending={accept.isPending}>
          {t("invitation_accept")}
        </Button>
      </Actions>
    </>
  );
}

function NewAccount({ invitation, token }: { invitation: Invitation; token: string }) {
  const t = useT("session");
  const [, go] = useLocation();
  const accept = useAccept(token);
  const signIn = () => {
    rememberReturn(`/invitation#${token}`);
    go("/connexion");
  };
  return (
    <Form
      error={accept.error}
      onSubmit={(data) =>
        accept.mutate({ name: String(data.get("name")).trim(), email: invitation.email ?? String(data.get("email")).trim(), password: String(data.get("password")) })
      }
    >
      <TextField label={t("your_name")} name="name" autoComplete="name" required maxLength={120} />
      <TextField
        label={t("email")}
        name="email"
        type="email"
        autoComplete="username"
        defaultValue={invitation.email ?? ""}
        readOnly={invitation.email !== null}
        help={invitation.email === null ? t("email_help") : t("invitation_email_fixed")}
        required
        maxLength={254}
      />
      <PasswordField label={t("password")} name="password" autoComplete="new-password" help={t("password_help", { count: SHORTEST_PASSWORD })} required />
      <Actions>
        <Button type="submit" tone="main" pending={accept.isPending}>
          {t("invitation_create")}
        </Button>
        <Button tone="quiet" onPress={signIn}>
          {t("invitation_have_account")}
        </Button>
      </Actions>
    </Form>
  );
}

/** Where somebody accepts a role: with their account, or a new one. */
export default function InvitationPage() {
  const t = useT("session");
  const format = useFormat();
  const [token] = useState(linkToken);
  const me = useMeQuery();
  const check = useQuery({
    queryKey: ["invitation", token],
    enabled: token !== "",
    queryFn: ({ signal }) => unwrap(api.POST("/invitations/check", { body: { token }, signal })),
  });
  const signIn = <LinkButton href="/connexion">{t("go_sign_in")}</LinkButton>;
  const gone = check.error ? problemOf(check.error) : null;
  const invitation = check.data;
  return (
    <Gateway title={t("invitation_title")}>
      {token === "" ? (
        <DeadLink action={signIn}>{t("invitation_no_token")}</DeadLink>
      ) : gone && !gone.passing ? (
        <DeadLink action={signIn}>{gone.detail}</DeadLink>
      ) : gone ? (
        <ErrorState error={gone} onRetry={() => void check.refetch()} />
      ) : !invitation || me.isPending ? (
        <Skeleton rows={4} />
      ) : (
        <>
          <p>
            {t("invitation_from", {
              who: invitation.invitedBy,
              role: t(roleKeys[invitation.role as Role]),
              school: invitation.school?.name ?? t("installation"),
            })}
          </p>
          {invitation.until !== null && <p>{t("invitation_until", { date: format.date(invitation.until) })}</p>}
          {me.data ? <WithAccount me={me.data} token={token} /> : <NewAccount invitation={invitation} token={token} />}
        </>
      )}
    </Gateway>
  );
}
