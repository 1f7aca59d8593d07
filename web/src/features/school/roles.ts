import type { Role } from "@/features/session/me";
import type { RoleLine } from "./api";

export type Scope = RoleLine["scope"];

/** Over what each role can be given inside a school, the usual first. The server has the same rule. */
const scopes: Readonly<Record<Role, readonly Scope[]>> = {
  teacher: ["group", "year", "school"],
  co_teacher: ["group", "year", "school"],
  substitute: ["group", "year", "school"],
  assistant: ["seats"],
  interpreter: ["seats", "group", "year", "school"],
  assessment_lead: ["school"],
  head: ["school"],
  office: ["school"],
  moderator: ["school"],
  editor: ["school"],
  dpo: ["school"],
  administrator: ["school"],
};

export function scopesOf(role: Role): readonly Scope[] {
  return scopes[role];
}

/** The roles that can be given, the most usual first. */
export function givableRoles(administers: boolean): Role[] {
  const roles: Role[] = ["teacher", "substitute", "assistant", "co_teacher", "interpreter", "assessment_lead", "office", "head", "dpo", "moderator", "editor"];
  return administers ? [...roles, "administrator"] : roles;
}
