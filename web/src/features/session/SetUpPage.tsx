import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { api, unwrap } from "@/api/client";
import { problemOf } from "@/api/problem";
import { blankSchool, SchoolController, type SchoolDraft, SchoolIdentity, usualControllerRole } from "@/features/school/SchoolFields";
import { useT } from "@/i18n";
import { keys, read, remove, write } from "@/storage";
import { Actions, Button, ErrorState, Form, LinkButton, Notice, PasswordField, Skeleton, TextField } from "@/ui";
import { Gateway } from "./Gateway";
import { meQuery } from "./me";
import { SHORTEST_PASSWORD } from "./password";
import { forgetToken, linkToken } from "./returnTo";

type Step = "school" | "staff";
type StaffDraft = { name: string; email: string; password: string };

function Steps({ at, title }: { at: Step; title: string }) {
  const t = useT("session");
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) heading.current?.focus();
    first.current = false;
  }, [at]);
  return (
    <div>
      <p className="gateway-intro">{t("step", { step: at === "school" ? "1" : "2", steps: "2" })}</p>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
    </div>
  );
}

function SetUpForm({ token }: { token: string }) {
  const t = useT("session");
  const ts = useT("school");
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [step, setStep] = useState<Step>("school");
  const [kept] = useState(() => read(keys.setUp));
  const [school, setSchool] = useState<SchoolDraft>(() => kept?.school ?? { ...blankSchool, controllerRole: usualControllerRole(ts, blankSchool.kind) });
  const [staff, setStaff] = useState<StaffDraft>({ name: kept?.name ?? "", email: kept?.email ?? "", password: "" });
  const { name, email } = staff;
  useEffect(() => void write(keys.setUp, { token, school, name, email }), [token, school, name, email]);
  const setUp = useMutation({
    mutationFn: () => unwrap(api.POST("/setup", { body: { token, school, staff } })),
    onSuccess: (me) => {
      forgetToken();
      remove(keys.setUp);
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      go("/aujourdhui", { replace: true });
    },
    onError: (error) => {
      if (Object.keys(problemOf(error).fields).some((field) => field.startsWith("school."))) setStep("school");
    },
  });
  if (step === "school") {
    return (
      <>
        <Steps at={step} title={t("setup_school")} />
        <Form key={step} error={setUp.error} onSubmit={() => setStep("staff")}>
          <SchoolIdentity value={school} onChange={setSchool} prefix="school." />
          <Notice title={t(school.kind === "ecole" ? "controller_ecole_title" : "controller_head_title")}>{t(school.kind === "ecole" ? "controller_ecole_text" : "controller_head_text")}</Notice>
          <SchoolController value={school} onChange={setSchool} prefix="school." />
          <Actions>
            <Button type="submit" tone="main">
              {t("next")}
            </Button>
          </Actions>
        </Form>
      </>
    );
  }
  return (
    <>
      <Steps at={step} title={t("setup_staff")} />
      <p className="gateway-intro">{t("setup_staff_text")}</p>
      <Form key={step} error={setUp.error} onSubmit={() => setUp.mutate()}>
        <TextField label={t("your_name")} name="staff.name" autoComplete="name" value={staff.name} onChange={(name) => setStaff({ ...staff, name })} required maxLength={120} />
        <TextField label={t("email")} name="staff.email" type="email" autoComplete="username" help={t("email_help")} value={staff.email} onChange={(email) => setStaff({ ...staff, email })} required maxLength={254} />
        <PasswordField
          label={t("password")}
          name="staff.password"
          autoComplete="new-password"
          help={t("password_help", { count: SHORTEST_PASSWORD })}
          value={staff.password}
          onChange={(password) => setStaff({ ...staff, password })}
          required
        />
        <Actions>
          <Button type="submit" tone="main" pending={setUp.isPending}>
            {t("setup_create")}
          </Button>
          <Button onPress={() => setStep("school")}>{t("previous")}</Button>
        </Actions>
      </Form>
    </>
  );
}

/** A link that no longer works: what it was, and where to go. */
export function DeadLink({ children, action }: { children: ReactNode; action: ReactNode }) {
  return (
    <>
      <Notice tone="sun" alert>
        {children}
      </Notice>
      <Actions>{action}</Actions>
    </>
  );
}

/** The one-time page that makes the first school and the first administrator. */
export default function SetUpPage() {
  const t = useT("session");
  const [token, setToken] = useState(() => linkToken() || (read(keys.setUp)?.token ?? ""));
  useEffect(() => {
    // The same link in the same tab changes only what follows #, and loads nothing.
    const arrived = () => setToken((known) => linkToken() || known);
    window.addEventListener("hashchange", arrived);
    return () => window.removeEventListener("hashchange", arrived);
  }, []);
  const check = useQuery({
    queryKey: ["setup", token],
    enabled: token !== "",
    queryFn: async ({ signal }) => {
      await api.POST("/setup/check", { body: { token }, signal });
      return true;
    },
  });
  const gone = check.error ? problemOf(check.error) : null;
  return (
    <Gateway title={t("setup_title")} intro={t("setup_intro")} wide>
      {token === "" ? (
        <DeadLink action={<LinkButton href="/connexion">{t("go_sign_in")}</LinkButton>}>{t("setup_no_token")}</DeadLink>
      ) : check.isPending ? (
        <Skeleton rows={5} />
      ) : gone && !gone.passing ? (
        <DeadLink action={<LinkButton href="/connexion">{t("go_sign_in")}</LinkButton>}>{gone.detail}</DeadLink>
      ) : gone ? (
        <ErrorState error={gone} onRetry={() => void check.refetch()} />
      ) : (
        <SetUpForm key={token} token={token} />
      )}
    </Gateway>
  );
}
