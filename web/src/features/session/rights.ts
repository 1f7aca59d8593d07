import type { Grant, Role } from "./me";

/** A school where the person has a role. */
export type MySchool = NonNullable<Grant["school"]>;

/** What somebody may do in one school, as the server's table says; the server alone decides. */
export type Rights = {
  /** Makes groups and years, imports, lets people in to the names. */
  manages: boolean;
  /** Invites staff, gives roles, changes the school. */
  leads: boolean;
  /** Sees the list of staff. */
  knowsStaff: boolean;
  /** Sees the page of names. */
  seesNames: boolean;
  /** Comes to lessons. */
  comesToLessons: boolean;
  /** Gives tests, invigilates, reads results. */
  assesses: boolean;
  /** Brings tests to the bank, corrects keys. */
  leadsAssessments: boolean;
  /** Sees the page of data. */
  seesData: boolean;
  /** Opens the door of a group. */
  teaches: (group: string, year: string) => boolean;
};

const managing: readonly Role[] = ["office", "head", "administrator"];
const teaching: readonly Role[] = [...managing, "teacher", "co_teacher", "substitute"];
const naming: readonly Role[] = [...teaching, "assistant", "assessment_lead", "dpo"];

const coming: readonly Role[] = ["teacher", "co_teacher", "substitute", "head", "assistant", "interpreter"];

const assessing: readonly Role[] = ["teacher", "co_teacher", "substitute", "head", "assessment_lead"];

/** Whether a grant reaches the whole of a school. */
function whole(grant: Grant, school: string): boolean {
  return grant.scope === "installation" || grant.scope === "territory" || (grant.scope === "school" && grant.scopeId === school);
}

/** What these grants allow in that school. */
export function rightsIn(school: string, grants: readonly Grant[]): Rights {
  const inside = grants.filter((g) => whole(g, school) || g.school?.id === school);
  const has = (...roles: Role[]) => inside.some((g) => whole(g, school) && roles.includes(g.role));
  return {
    manages: has(...managing),
    leads: has("head", "administrator"),
    knowsStaff: has("head", "office", "dpo", "administrator"),
    seesNames: inside.some((g) => naming.includes(g.role)),
    comesToLessons: inside.some((g) => coming.includes(g.role)),
    assesses: inside.some((g) => assessing.includes(g.role)),
    leadsAssessments: has("head", "assessment_lead"),
    seesData: has("dpo", "head", "administrator"),
    teaches: (group, year) =>
      inside.some(
        (g) =>
          teaching.includes(g.role) &&
          (whole(g, school) || (g.scope === "group" && g.scopeId === group) || (g.scope === "year" && g.scopeId === year)),
      ),
  };
}
