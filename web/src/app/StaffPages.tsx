import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { api, everyPage, unwrap } from "@/api/client";
import { problemOf } from "@/api/problem";
import { onSignedOut } from "@/api/wire";
import { currentLocale, setLocale, useT } from "@/i18n";
import { keys, read, write } from "@/storage";
import { Empty, ErrorState, Page, Skeleton } from "@/ui";
import { type Me, useMeQuery } from "@/features/session/me";
import { ProofProvider } from "@/features/session/Proof";
import { rememberReturn } from "@/features/session/returnTo";
import type { MySchool } from "@/features/session/rights";
import { WorkProvider } from "@/features/session/school";
import { Shell } from "./Shell";
import { StaffRoutes } from "./StaffRoutes";

/** Goes to sign in, and back here after. */
function useSignInWhenNeeded(): () => void {
  const [, go] = useLocation();
  return useCallback(() => {
    rememberReturn(window.location.pathname + window.location.search);
    go("/connexion", { replace: true });
  }, [go]);
}

/** The schools of the person: those of the grants, and all of them for wider roles. */
function useSchools(me: Me | undefined) {
  const wide = me?.grants.some((g) => g.school === null) ?? false;
  const all = useQuery({
    queryKey: ["schools"],
    enabled: wide,
    queryFn: ({ signal }) => everyPage((after) => unwrap(api.GET("/schools", { params: { query: { after, limit: 500 } }, signal }))),
  });
  const schools = useMemo(() => {
    const byId = new Map<string, MySchool>();
    for (const grant of me?.grants ?? []) if (grant.school) byId.set(grant.school.id, grant.school);
    for (const school of all.data ?? []) byId.set(school.id, school);
    return [...byId.values()].sort((a, b) => a.name.localeCompare(b.name, "fr"));
  }, [me, all.data]);
  return { schools, pending: wide && all.isPending, error: all.error, retry: all.refetch };
}

/** The pages of staff, in their shell: who is signed in, in which school. */
export default function StaffPages() {
  const t = useT("session");
  const me = useMeQuery();
  const signIn = useSignInWhenNeeded();
  const { schools, pending, error, retry } = useSchools(me.data);
  const [chosen, setChosen] = useState(() => read(keys.school));
  const choose = useCallback((id: string) => {
    write(keys.school, id);
    setChosen(id);
  }, []);

  useEffect(() => onSignedOut(signIn), [signIn]);
  const locale = me.data?.staff.locale;
  // The account's language, whatever the last person on this device used.
  useEffect(() => {
    if (locale && locale !== currentLocale()) setLocale(locale);
  }, [locale]);

  if (me.isPending || pending) {
    return (
      <Shell>
        <div className="page">
          <Skeleton rows={5} />
        </div>
      </Shell>
    );
  }
  if (me.error || error) {
    const problem = problemOf(me.error ?? error);
    if (problem.kind === "unauthenticated") return null;
    return (
      <Shell>
        <Page title={t("unavailable")}>
          <ErrorState error={problem} onRetry={() => void (me.error ? me.refetch() : retry())} />
        </Page>
      </Shell>
    );
  }
  const school = schools.find((s) => s.id === chosen) ?? schools[0];
  if (!me.data || !school) {
    return (
      <Shell>
        <Page title={t("name")}>
          <Empty title={t("no_school_title")}>{t("no_school_text")}</Empty>
        </Page>
      </Shell>
    );
  }
  return (
    <WorkProvider me={me.data} school={school} schools={schools} choose={choose}>
      <Shell work>
        <ProofProvider>
          <StaffRoutes key={school.id} />
        </ProofProvider>
      </Shell>
    </WorkProvider>
  );
}
