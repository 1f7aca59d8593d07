import { describe, expect, it } from "vitest";
import type { Grant } from "./me";
import { rightsIn } from "./rights";

const school = { id: "s1", name: "A", kind: "college" as const, zone: "Europe/Paris" };
const grant = (role: Grant["role"], scope: Grant["scope"], scopeId: string | null = null, inside = true): Grant => ({
  id: `${role}-${scope}`,
  role,
  scope,
  scopeId,
  school: inside ? school : null,
  until: null,
});

describe("rightsIn", () => {
  it("lets a teacher open the doors of their groups alone", () => {
    const rights = rightsIn("s1", [grant("teacher", "group", "g1")]);
    expect(rights.teaches("g1", "y1")).toBe(true);
    expect(rights.teaches("g2", "y1")).toBe(false);
    expect(rights).toMatchObject({ manages: false, leads: false, knowsStaff: false, seesNames: true, seesData: false });
  });

  it("follows a year", () => {
    const rights = rightsIn("s1", [grant("substitute", "year", "y1")]);
    expect(rights.teaches("g2", "y1")).toBe(true);
    expect(rights.teaches("g2", "y2")).toBe(false);
  });

  it("lets an assistant see names and open nothing", () => {
    const rights = rightsIn("s1", [grant("assistant", "seats")]);
    expect(rights.seesNames).toBe(true);
    expect(rights.teaches("g1", "y1")).toBe(false);
  });

  it("keeps a head to their own school", () => {
    const head = [grant("head", "school", "s1")];
    expect(rightsIn("s1", head)).toMatchObject({ manages: true, leads: true, knowsStaff: true, seesData: true });
    expect(rightsIn("s2", head)).toMatchObject({ manages: false, leads: false, knowsStaff: false, seesNames: false, seesData: false });
  });

  it("gives an administrator of the installation every school", () => {
    const rights = rightsIn("s2", [grant("administrator", "installation", null, false)]);
    expect(rights).toMatchObject({ manages: true, leads: true, seesData: true });
    expect(rights.teaches("g1", "y1")).toBe(true);
  });

  it("shows a data protection officer the data, and manages nothing", () => {
    expect(rightsIn("s1", [grant("dpo", "school", "s1")])).toMatchObject({ manages: false, leads: false, seesData: true, seesNames: true, knowsStaff: true });
  });
});
