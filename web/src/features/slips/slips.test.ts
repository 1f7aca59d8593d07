import fc from "fast-check";
import jsQR from "jsqr";
import { describe, expect, test } from "vitest";
import { makeSeatSecret, seatLink, secretFromLink } from "../names/seatSecret";
import { inListOrder, pagesOf } from "./layout";
import { qrShape, type QrShape } from "./qr";

/** Paints the path as a printer would, `scale` dots a module. */
function paint({ size, path }: QrShape, scale: number): Uint8ClampedArray {
  const dots = size * scale;
  const pixels = new Uint8ClampedArray(dots * dots * 4).fill(255);
  for (const [, x, y, w] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let dy = 0; dy < scale; dy++)
      for (let dx = 0; dx < Number(w) * scale; dx++) {
        const at = ((Number(y) * scale + dy) * dots + Number(x) * scale + dx) * 4;
        pixels.fill(0, at, at + 3);
      }
  }
  return pixels;
}

describe("the QR code of a slip", () => {
  test("is read back as the link, and the link as the secret", () => {
    for (let i = 0; i < 20; i++) {
      const secret = makeSeatSecret();
      const link = seatLink("https://preau.ecole-des-tilleuls.example", secret);
      const shape = qrShape(link);
      const read = jsQR(paint(shape, 4), shape.size * 4, shape.size * 4);
      expect(read?.data).toBe(link);
      expect(secretFromLink(read!.data)).toEqual(secret);
    }
  });

  test("keeps four white modules around", () => {
    const { size, path } = qrShape("https://preau.example/p#AAAAAAAAAAAAAAAAAAAAAA");
    for (const [, x, y, w] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(4);
      expect(Number(y)).toBeGreaterThanOrEqual(4);
      expect(Number(x) + Number(w)).toBeLessThanOrEqual(size - 4);
      expect(Number(y)).toBeLessThan(size - 4);
    }
  });
});

describe("pages", () => {
  test("eight slips a page, none lost, none twice, in order", () => {
    fc.assert(
      fc.property(fc.nat(200), (count) => {
        const slips = Array.from({ length: count }, (_, i) => i);
        const pages = pagesOf(slips);
        expect(pages.flat()).toEqual(slips);
        expect(pages.length).toBe(Math.ceil(count / 8));
        for (const page of pages.slice(0, -1)) expect(page.length).toBe(8);
      }),
    );
  });

  test("the order of a French class list", () => {
    const slip = (last: string | null, first: string, number: number) => ({ name: last === null ? null : { last, first }, number });
    const sorted = inListOrder([slip(null, "", 9), slip("Zola", "Ana", 1), slip("ÉLOI", "Noé", 2), slip("Eloi", "Ada", 3), slip(null, "", 4), slip("D'ARC", "Jo", 5), slip("Dard", "Jo", 6)]);
    expect(sorted.map((s) => s.number)).toEqual([5, 6, 3, 2, 1, 4, 9]);
  });
});
