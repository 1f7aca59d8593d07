import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keys, read, readLarge, remove, write } from ".";

class Shelf implements Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  readonly kept = new Map<string, string>();
  full = false;
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => {
    if (this.full) throw new DOMException("", "QuotaExceededError");
    this.kept.set(key, value);
  };
  removeItem = (key: string) => void this.kept.delete(key);
}

describe("storage", () => {
  let local: Shelf;
  let session: Shelf;
  beforeEach(() => {
    local = new Shelf();
    session = new Shelf();
    vi.stubGlobal("localStorage", local);
    vi.stubGlobal("sessionStorage", session);
    vi.stubGlobal("document", { cookie: "" });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it("keeps, reads and forgets in the declared place", () => {
    expect(read(keys.theme)).toBeNull();
    expect(write(keys.theme, "dark")).toBe(true);
    expect(local.kept.size).toBe(1);
    expect(read(keys.theme)).toBe("dark");
    write(keys.returnTo, "/groupes");
    expect(session.kept.size).toBe(1);
    remove(keys.theme);
    expect(read(keys.theme)).toBeNull();
  });

  it("treats what it cannot read as absent", () => {
    local.kept.set(keys.theme.name, "{broken");
    expect(read(keys.theme)).toBeNull();
  });

  it("says when the browser refuses", () => {
    local.full = true;
    expect(write(keys.theme, "dark")).toBe(false);
    Object.defineProperty(globalThis, "localStorage", {
      configurable: true,
      get: () => {
        throw new DOMException("", "SecurityError");
      },
    });
    expect(read(keys.theme)).toBeNull();
    expect(write(keys.theme, "dark")).toBe(false);
    expect(() => remove(keys.theme)).not.toThrow();
  });

  it("gives the language to the server by a cookie", () => {
    write(keys.language, "en");
    expect(document.cookie).toContain("preau_lang=en; path=/");
    expect(document.cookie.toLowerCase()).toContain("samesite=lax");
    expect(read(keys.language)).toBe("en");
  });

  it("refuses the wrong way to a large key", async () => {
    expect(() => read(keys.names)).toThrow(TypeError);
    expect(() => write(keys.names, {} as never)).toThrow(TypeError);
    await expect(readLarge(keys.names)).rejects.toBeDefined();
  });
});
