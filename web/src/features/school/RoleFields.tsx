import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { groupQuery, groupsQuery, yearsQuery } from "@/features/groups/api";
import { inSchoolOrder } from "@/features/groups/order";
import { SeatWho } from "@/features/groups/SeatWho";
import { useLoadedNames } from "@/features/names/useNames";
import type { Role } from "@/features/session/me";
import { useWork } from "@/features/session/school";
import { roleKeys } from "@/features/session/words";
import { useT } from "@/i18n";
import { BoxGroup, Checkbox, ComboBox, DateField, ErrorState, RadioGroup, Select, Skeleton } from "@/ui";
import type { NewRole } from "./api";
import { endOfDay } from "./moment";
import { givableRoles, type Scope, scopesOf } from "./roles";
import "./school.css";

/** A role being given, as the form holds it. */
export type RoleDraft = { role: Role; scope: Scope; group: string | null; year: string | null; seats: ReadonlySet<string>; until: string };

export const blankRole: RoleDraft = { role: "teacher", scope: "group", group: null, year: null, seats: new Set(), until: "" };

/** What the request says of a draft. */
export function roleBody(draft: RoleDraft, school: string, zone: string): NewRole {
  const scopeId = draft.scope === "group" ? draft.group : draft.scope === "year" ? draft.year : draft.scope === "school" ? school : null;
  return {
    role: draft.role,
    scope: draft.scope,
    ...(scopeId ? { scopeId } : {}),
    ...(draft.scope === "seats" ? { seats: [...draft.seats] } : {}),
    ...(draft.until ? { until: endOfDay(draft.until, zone) } : {}),
  };
}

const scopeKeys: Partial<Record<Scope, string>> = { school: "scope_school", year: "scope_year", group: "scope_group", seats: "scope_seats" };
const helpKeys: Partial<Record<Role, string>> = {
  teacher: "help_teacher",
  co_teacher: "help_co_teacher",
  substitute: "help_substitute",
  assistant: "help_assistant",
  interpreter: "help_interpreter",
  assessment_lead: "help_assessment_lead",
  office: "help_office",
  head: "help_head",
  dpo: "help_dpo",
  moderator: "help_moderator",
  editor: "help_editor",
  administrator: "help_administrator",
};

type Props = { draft: RoleDraft; onChange: (draft: RoleDraft) => void };

function SeatPicker({ group, draft, onChange }: Props & { group: string }) {
  const t = useT("school");
  const { school } = useWork();
  const query = useQuery(groupQuery(school.id, group));
  useLoadedNames(school.id, [group]);
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Skeleton rows={4} />;
  const toggle = (seat: string, on: boolean) => {
    const seats = new Set(draft.seats);
    if (on) seats.add(seat);
    else seats.delete(seat);
    onChange({ ...draft, seats });
  };
  return (
    <BoxGroup label={t("pick_seats", { count: draft.seats.size })} required framed>
      {query.data.seats
        .filter((seat) => seat.leftAt === undefined)
        .map((seat) => (
          <Checkbox key={seat.id} checked={draft.seats.has(seat.id)} onChange={(on) => toggle(seat.id, on)}>
            <SeatWho seat={seat} />
          </Checkbox>
        ))}
    </BoxGroup>
  );
}

function GroupPicker({ value, onChange, label }: { value: string | null; onChange: (group: string | null) => void; label: string }) {
  const { school } = useWork();
  const groups = useQuery(groupsQuery(school.id));
  const options = inSchoolOrder((groups.data ?? []).filter((g) => g.archivedAt === undefined)).map((g) => ({ id: g.id, label: g.name, detail: g.level }));
  if (groups.isPending) return <Skeleton rows={1} />;
  return <ComboBox label={label} name="scopeId" options={options} value={value} onChange={onChange} required />;
}

/** What role, over what, until when. */
export function RoleFields({ draft, onChange }: Props) {
  const t = useT("school");
  const ts = useT("session");
  const { school, me } = useWork();
  const [picking, setPicking] = useState<string | null>(null);
  const years = useQuery(yearsQuery(school.id));
  const administers = me.grants.some((g) => g.role === "administrator");
  const scopes = scopesOf(draft.role);
  const open = (years.data ?? []).filter((y) => y.closedAt === undefined);
  const help = helpKeys[draft.role];
  return (
    <>
      <Select
        label={t("role")}
        name="role"
        value={draft.role}
        help={help && t(help)}
        onChange={(role) => onChange({ ...draft, role, scope: scopesOf(role).includes(draft.scope) ? draft.scope : (scopesOf(role)[0] ?? "school") })}
        options={givableRoles(administers).map((role) => ({ id: role, label: ts(roleKeys[role]) }))}
      />
      {scopes.length > 1 && (
        <RadioGroup
          label={t("scope")}
          name="scope"
          value={draft.scope}
          onChange={(scope) => onChange({ ...draft, scope })}
          options={scopes.map((scope) => ({ id: scope, label: t(scopeKeys[scope] ?? "scope_school") }))}
        />
      )}
      {draft.scope === "group" && <GroupPicker label={t("group")} value={draft.group} onChange={(group) => onChange({ ...draft, group })} />}
      {draft.scope === "year" && (
        <Select label={t("year")} name="scopeId" value={draft.year} onChange={(year) => onChange({ ...draft, year })} options={open.map((y) => ({ id: y.id, label: y.label }))} required />
      )}
      {draft.scope === "seats" && (
        <>
          <GroupPicker label={t("group_of_seats")} value={picking} onChange={setPicking} />
          {picking && <SeatPicker group={picking} draft={draft} onChange={onChange} />}
        </>
      )}
      <DateField
        label={t("until")}
        name="until"
        value={draft.until}
        onChange={(until) => onChange({ ...draft, until })}
        required={draft.role === "substitute"}
        optional={draft.role !== "substitute"}
        help={t(draft.role === "substitute" ? "until_substitute" : "until_help")}
      />
    </>
  );
}
