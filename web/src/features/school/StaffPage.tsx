import { useQuery } from "@tanstack/react-query";
import { LockOpen, Plus, UserPlus, UserX } from "lucide-react";
import { useState } from "react";
import { groupsQuery, yearsQuery } from "@/features/groups/api";
import type { Role } from "@/features/session/me";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { roleKeys } from "@/features/session/words";
import { useT } from "@/i18n";
import { Button, Card, type Column, ConfirmDialog, ErrorState, Page, Skeleton, Table, toast } from "@/ui";
import { type Invitation, invitationsQuery, peopleQuery, type Person, type RoleLine, useRevokeInvitation, useSetAccount, useTakeRole } from "./api";
import { GiveRoleDialog, InviteDialog } from "./InviteDialog";
import { SchoolTabs } from "./SchoolTabs";
import "./school.css";

type Scoped = { scope: string; scopeId: string | null; seats?: readonly string[] | null };

/** Over what a role is given, in words. */
function useScopeWords(): (line: Scoped) => string {
  const t = useT("school");
  const { school } = useWork();
  const groups = useQuery(groupsQuery(school.id));
  const years = useQuery(yearsQuery(school.id));
  return ({ scope, scopeId, seats }) => {
    switch (scope) {
      case "group":
        return groups.data?.find((g) => g.id === scopeId)?.name ?? t("scope_a_group");
      case "year":
        return years.data?.find((y) => y.id === scopeId)?.label ?? t("scope_a_year");
      case "seats":
        return t("scope_some_seats", { count: seats?.length ?? 0 });
      case "territory":
        return t("scope_territory");
      case "installation":
        return t("scope_installation");
      default:
        return t("scope_whole_school");
    }
  };
}

type Taking = { person: Person; line: RoleLine };

/** Closes an account, having asked, or opens it again. */
function AccountAct({ person }: { person: Person }) {
  const t = useT("school");
  const { school } = useWork();
  const set = useSetAccount(school.id);
  const [asking, setAsking] = useState(false);
  const act = async (open: boolean) => {
    await set.mutateAsync({ staff: person.id, open });
    toast(t(open ? "account_reopened" : "account_closed"));
  };
  if (person.disabled) {
    return (
      <Button tone="quiet" icon={<LockOpen aria-hidden size={18} />} onPress={() => void act(true)} pending={set.isPending} label={t("reopen_account_of", { name: person.name })}>
        {t("reopen_account")}
      </Button>
    );
  }
  return (
    <>
      <Button tone="quiet" icon={<UserX aria-hidden size={18} />} onPress={() => setAsking(true)} label={t("close_account_of", { name: person.name })}>
        {t("close_account")}
      </Button>
      <ConfirmDialog
        title={t("close_account_title", { name: person.name })}
        action={t("close_account")}
        danger
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => act(false)}
      >
        <p>{t("close_account_text")}</p>
      </ConfirmDialog>
    </>
  );
}

function RoleItem({ person, line, onTake }: { person: Person; line: RoleLine; onTake: (taking: Taking) => void }) {
  const t = useT("school");
  const ts = useT("session");
  const format = useSchoolFormat();
  const words = useScopeWords();
  const role = ts(roleKeys[line.role]);
  return (
    <li className="role">
      <span>
        {role}, {words(line)}
      </span>
      {line.until !== null && <span className="role-detail">{t("until_date", { date: format.date(line.until) })}</span>}
      {line.revocable && (
        <Button tone="quiet" onPress={() => onTake({ person, line })} label={t("take_of", { role, scope: words(line), name: person.name })}>
          {t("take")}
        </Button>
      )}
    </li>
  );
}

function People({ people, onTake, onGive }: { people: readonly Person[]; onTake: (taking: Taking) => void; onGive: (person: Person) => void }) {
  const t = useT("school");
  const format = useSchoolFormat();
  const { rights } = useWork();
  const now = Date.now();
  const columns: Column<Person>[] = [
    {
      id: "name",
      head: t("person"),
      main: true,
      cell: (p) => (
        <>
          {p.name}
          {p.disabled && ` (${t("disabled")})`}
          <span className="person-email">{p.email}</span>
        </>
      ),
    },
    {
      id: "roles",
      head: t("roles"),
      cell: (p) => (
        <ul className="roles">
          {p.grants.map((line) => (
            <RoleItem key={line.id} person={p} line={line} onTake={onTake} />
          ))}
        </ul>
      ),
    },
    { id: "seen", head: t("seen"), cell: (p) => (p.lastSeenAt === null ? t("never_seen") : format.ago(p.lastSeenAt, now)) },
  ];
  if (rights.leads) {
    columns.push({
      id: "acts",
      head: t("acts"),
      headHidden: true,
      end: true,
      cell: (p) => (
        <>
          {p.closable && <AccountAct person={p} />}
          <Button icon={<Plus aria-hidden size={18} />} onPress={() => onGive(p)} label={t("give_to", { name: p.name })}>
            {t("give")}
          </Button>
        </>
      ),
    });
  }
  return <Table label={t("staff_title")} rows={people} columns={columns} rowId={(p) => p.id} rowName={(p) => p.name} />;
}

function Invitations() {
  const t = useT("school");
  const ts = useT("session");
  const format = useSchoolFormat();
  const { school } = useWork();
  const words = useScopeWords();
  const query = useQuery(invitationsQuery(school.id));
  const revoke = useRevokeInvitation(school.id);
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data || query.data.length === 0) return null;
  const columns: Column<Invitation>[] = [
    { id: "role", head: t("role"), main: true, cell: (i) => `${ts(roleKeys[i.role as Role])}, ${words(i)}` },
    { id: "for", head: t("invite_for"), cell: (i) => i.email ?? t("invite_anyone") },
    { id: "by", head: t("invite_by"), cell: (i) => i.createdBy },
    { id: "ends", head: t("invite_ends"), cell: (i) => format.date(i.expiresAt) },
    {
      id: "acts",
      head: t("acts"),
      headHidden: true,
      end: true,
      cell: (i) => (
        <Button onPress={() => setRevoking(i)} label={t("revoke_of", { role: ts(roleKeys[i.role as Role]), scope: words(i), who: i.email ?? t("invite_anyone") })}>
          {t("revoke")}
        </Button>
      ),
    },
  ];
  return (
    <Card title={t("invitations")} intro={t("invitations_intro")}>
      <Table label={t("invitations")} rows={query.data} columns={columns} rowId={(i) => i.id} />
      <ConfirmDialog
        title={t("revoke_title")}
        action={t("revoke")}
        danger
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        onConfirm={async () => {
          await revoke.mutateAsync(revoking?.id ?? "");
          toast(t("revoked"));
        }}
      >
        <p>{t("revoke_text")}</p>
      </ConfirmDialog>
    </Card>
  );
}

/** Who works here, with which roles, and who is invited. */
export default function StaffPage() {
  const t = useT("school");
  const ts = useT("session");
  const { school, rights } = useWork();
  const people = useQuery(peopleQuery(school.id));
  const take = useTakeRole(school.id);
  const [inviting, setInviting] = useState(false);
  const [giving, setGiving] = useState<Person | null>(null);
  const [taking, setTaking] = useState<Taking | null>(null);
  const words = useScopeWords();
  return (
    <Page
      title={t("staff_title")}
      over={school.name}
      action={
        rights.leads && (
          <Button tone="main" icon={<UserPlus aria-hidden size={18} />} onPress={() => setInviting(true)}>
            {t("invite")}
          </Button>
        )
      }
    >
      <SchoolTabs />
      {people.isLoadingError ? (
        <ErrorState error={people.error} onRetry={() => void people.refetch()} />
      ) : people.isPending ? (
        <Skeleton rows={5} />
      ) : (
        <People people={people.data} onTake={setTaking} onGive={setGiving} />
      )}
      {rights.leads && <Invitations />}
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {giving && <GiveRoleDialog person={giving} onClose={() => setGiving(null)} />}
      <ConfirmDialog
        title={t("take_title", { name: taking?.person.name ?? "", role: taking ? ts(roleKeys[taking.line.role]) : "", scope: taking ? words(taking.line) : "" })}
        action={t("take")}
        danger
        open={taking !== null}
        onClose={() => setTaking(null)}
        onConfirm={async () => {
          if (taking) await take.mutateAsync({ staff: taking.person.id, grant: taking.line.id });
          toast(t("taken"));
        }}
      >
        <p>{t("take_text")}</p>
      </ConfirmDialog>
    </Page>
  );
}
