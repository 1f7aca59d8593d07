import { describe, expect, it } from "vitest";
import { formats } from "./format";

const at = Date.parse("2026-03-03T07:30:00Z");
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("formats", () => {
  const paris = formats("fr", "Europe/Paris");

  it("writes a moment as French schools do", () => {
    expect(plain(paris.moment(at))).toBe("mardi 3 mars à 8 h 30");
    expect(paris.time(at)).toBe("8\u00a0h\u00a030");
  });

  it("writes the first of the month", () => {
    expect(plain(paris.day(Date.parse("2026-09-01T10:00:00Z")))).toBe("mardi 1er septembre");
    expect(plain(paris.date("2026-09-01"))).toBe("1er septembre 2026");
    expect(plain(paris.date("2026-09-11"))).toBe("11 septembre 2026");
    expect(plain(paris.day(Date.parse("2026-09-21T10:00:00Z")))).toBe("lundi 21 septembre");
  });

  it("keeps a calendar day in every zone", () => {
    expect(plain(formats("fr", "Pacific/Tahiti").date("2026-07-05"))).toBe("5 juillet 2026");
    expect(plain(formats("fr", "Pacific/Kiritimati").date("2026-07-05"))).toBe("5 juillet 2026");
  });

  it("follows the school's zone for an instant", () => {
    expect(formats("fr", "Indian/Reunion").time(at)).toBe("11\u00a0h\u00a030");
    expect(formats("en", "Europe/Paris").moment(at)).toBe("Tuesday 3 March at 08:30");
  });

  it("says how long ago, never in the future", () => {
    expect(plain(paris.ago(at, at + 3 * 60_000))).toBe("il y a 3 minutes");
    expect(plain(paris.ago(at + 60_000, at))).toBe("maintenant");
    expect(plain(paris.ago(at, at + 26 * 3600_000))).toBe("hier");
  });
});
