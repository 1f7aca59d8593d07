import { describe, expect, it } from "vitest";
import { isOurs } from "./returnTo";

describe("isOurs", () => {
  it.each(["/groupes", "/groupes/1?x=2", "/", "/invitation#abc"])("takes %s", (path) => expect(isOurs(path)).toBe(true));
  it.each(["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "javascript:alert(1)", "", "groupes", "/connexion#x"])("refuses %s", (path) =>
    expect(isOurs(path)).toBe(false),
  );
});
