import { createRequire } from "node:module";

const jsQR = createRequire(new URL("../web/package.json", import.meta.url))("jsqr") as (pixels: Uint8ClampedArray, width: number, height: number) => { data: string } | null;

/** What the drawn square says. */
export function readSquare(size: number, path: string): string {
  const scale = 4;
  const side = size * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
      for (let column = Number(x) * scale; column < (Number(x) + Number(width)) * scale; column++) pixels.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
    }
  }
  return jsQR(pixels, side, side)?.data ?? "";
}
