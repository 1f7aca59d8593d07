import type { Schema } from "@/api/client";
import { useT } from "@/i18n";
import { RadioGroup, Select, TextField } from "@/ui";
import { zones } from "./zones";

export type SchoolDraft = Schema<"SchoolInput">;

/** An empty school of that kind, with who usually answers for its data. */
export const blankSchool: SchoolDraft = {
  name: "",
  kind: "college",
  zone: "Europe/Paris",
  uai: "",
  controllerName: "",
  controllerRole: "",
  controllerContact: "",
  processor: "",
  dpoContact: "",
};

/** The national number of a school, as the server checks it. */
const UAI = /^[0-9]{7}[A-Z]$/;

type Props = { value: SchoolDraft; onChange: (value: SchoolDraft) => void; prefix?: string };

/** What a school is: its name, kind, number and time zone. `prefix` is where the request holds it. */
export function SchoolIdentity({ value, onChange, prefix = "" }: Props) {
  const t = useT("school");
  const set = (change: Partial<SchoolDraft>) => onChange({ ...value, ...change });
  return (
    <>
      <TextField label={t("name")} name={`${prefix}name`} value={value.name} onChange={(name) => set({ name })} required maxLength={120} autoComplete="organization" />
      <RadioGroup
        label={t("kind")}
        row
        value={value.kind}
        onChange={(kind) => set({ kind, controllerRole: roleKnown(t, value) ? t(controllerRoleKeys[kind]) : value.controllerRole })}
        options={[
          { id: "ecole", label: t("kind_ecole") },
          { id: "college", label: t("kind_college") },
          { id: "lycee", label: t("kind_lycee") },
          { id: "other", label: t("kind_other") },
        ]}
      />
      <TextField label={t("uai")} name={`${prefix}uai`} value={value.uai ?? ""} onChange={(uai) => set({ uai: uai.toUpperCase() })} optional help={t("uai_help")} check={(uai) => (UAI.test(uai.trim()) ? null : t("uai_wrong"))} maxLength={16} autoCapitalize="characters" />
      <Select label={t("zone")} name={`${prefix}zone`} value={value.zone} onChange={(zone) => set({ zone })} options={zones(value.zone)} />
    </>
  );
}

const controllerRoleKeys = {
  ecole: "controller_role_ecole",
  college: "controller_role_college",
  lycee: "controller_role_lycee",
  other: "controller_role_other",
} as const;

/** The usual role of who answers for the data in a school of that kind. */
export function usualControllerRole(t: (key: string) => string, kind: SchoolDraft["kind"]): string {
  return t(controllerRoleKeys[kind]);
}

function roleKnown(t: (key: string) => string, { controllerRole }: SchoolDraft): boolean {
  return controllerRole === "" || Object.values(controllerRoleKeys).some((key) => t(key) === controllerRole);
}

/** Who answers for the data: the head of a collège or lycée, the DASEN for an école. */
export function SchoolController({ value, onChange, prefix = "" }: Props) {
  const t = useT("school");
  const set = (change: Partial<SchoolDraft>) => onChange({ ...value, ...change });
  return (
    <>
      <TextField label={t("controller_name")} name={`${prefix}controllerName`} value={value.controllerName} onChange={(controllerName) => set({ controllerName })} required maxLength={120} />
      <TextField label={t("controller_role")} name={`${prefix}controllerRole`} value={value.controllerRole} onChange={(controllerRole) => set({ controllerRole })} required maxLength={120} />
      <TextField
        label={t("controller_contact")}
        name={`${prefix}controllerContact`}
        value={value.controllerContact}
        onChange={(controllerContact) => set({ controllerContact })}
        required
        help={t("controller_contact_help")}
        maxLength={240}
      />
      <TextField label={t("processor")} name={`${prefix}processor`} value={value.processor ?? ""} onChange={(processor) => set({ processor })} optional help={t("processor_help")} maxLength={240} />
      <TextField label={t("dpo_contact")} name={`${prefix}dpoContact`} value={value.dpoContact ?? ""} onChange={(dpoContact) => set({ dpoContact })} optional help={t("dpo_contact_help")} maxLength={240} />
    </>
  );
}
