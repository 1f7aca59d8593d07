import { describe, expect, it } from "vitest";
import { bytes, toBase64Url } from "./bytes";
import { drawSeatSecret, makeSeatSecret, readSeatSecret, seatKeys, seatLink, secretFromLink } from "./seatSecret";

describe("seat secrets", () => {
  it("travel in a link, after the #", () => {
    const secret = makeSeatSecret();
    const link = seatLink("https://preau.example", secret);
    expect(link).toMatch(/^https:\/\/preau\.example\/p#[\w-]{22}$/);
    expect(secretFromLink(link)).toEqual(secret);
    expect(secretFromLink(`#${toBase64Url(secret)}`)).toEqual(secret);
  });

  it("are refused when they are not one", () => {
    for (const text of ["", "#", "https://preau.example/p", "#abc", `#${"A".repeat(21)}B`, `#${"A".repeat(23)}`, `#${"é".repeat(22)}`]) {
      expect(secretFromLink(text)).toBeNull();
    }
    expect(readSeatSecret("A".repeat(22))).toEqual(new Uint8Array(16));
  });

  it("give three things that do not give each other away", async () => {
    const keys = await seatKeys(bytes(Array.from({ length: 16 }, (_, i) => i)));
    expect(keys.auth).toHaveLength(32);
    expect(keys.bind).toHaveLength(32);
    expect(toBase64Url(keys.auth)).not.toBe(toBase64Url(keys.bind));
    expect(keys.code).toMatch(/^[0-9ACDEFGHJKMNPRTVWXY]{5}$/);
  });

  it("are drawn again when their code is taken", async () => {
    const taken = new Set<string>();
    for (let i = 0; i < 50; i++) await drawSeatSecret(taken);
    expect(taken.size).toBe(50);
  });
});
