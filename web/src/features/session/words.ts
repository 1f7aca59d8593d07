import type { Role } from "./me";

/** The catalogue key of each role, in the domain `session`. */
export const roleKeys: Readonly<Record<Role, string>> = {
  teacher: "role_teacher",
  co_teacher: "role_co_teacher",
  substitute: "role_substitute",
  assistant: "role_assistant",
  interpreter: "role_interpreter",
  assessment_lead: "role_assessment_lead",
  head: "role_head",
  office: "role_office",
  moderator: "role_moderator",
  editor: "role_editor",
  dpo: "role_dpo",
  administrator: "role_administrator",
};

