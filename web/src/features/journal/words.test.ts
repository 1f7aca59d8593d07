import { expect, it } from "vitest";
import { nearness, signed, standsAt } from "./words";

const t = (key: string) => key;
const HOUR = 3_600_000;

it("says where a piece stands, with its change, its date and what hides it", () => {
  expect(standsAt(t, { status: "published", publishedAt: 5 }, 10)).toBe("status_published");
  expect(standsAt(t, { status: "published", publishedAt: 50 }, 10)).toBe("status_dated");
  expect(standsAt(t, { status: "published", publishedAt: 5, change: "proposed", hiddenAt: 7 }, 10)).toBe("status_published · change_proposed · status_hidden");
});

it("knows how near a limit is", () => {
  expect(nearness(10, 10)).toBe("late");
  expect(nearness(10 + 24 * HOUR, 10)).toBe("near");
  expect(nearness(11 + 24 * HOUR, 10)).toBe("far");
});

it("leaves out a person who was erased", () => {
  expect(signed(t, [{ id: "1", penName: "Coquelicot", of: "seat" }, { id: "2", penName: "", of: "seat" }])).toBe("Coquelicot");
  expect(signed(t, [{ id: "2", penName: "", of: "seat" }])).toBe("nobody");
});
