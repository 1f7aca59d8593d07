import { expect, test } from "vitest";
import { boxOf, pixelAt } from "./areas";

test.each([
  ["rect", [10, 20, 40, 60], { left: 10, top: 20, width: 30, height: 40 }],
  ["circle", [50, 50, 10], { left: 40, top: 40, width: 20, height: 20 }],
  ["ellipse", [50, 50, 10, 20], { left: 40, top: 30, width: 20, height: 40 }],
  ["poly", [0, 10, 20, 0, 30, 40], { left: 0, top: 0, width: 30, height: 40 }],
] as const)("%s", (shape, coords, box) => expect(boxOf(shape, coords)).toEqual(box));

test("a place in a frame is a pixel of the picture, never outside it", () => {
  const frame = { left: 100, top: 200, width: 50, height: 100 };
  const size = { width: 200, height: 400 };
  expect(pixelAt(frame, size, { x: 125, y: 250 })).toEqual({ x: 100, y: 200 });
  expect(pixelAt(frame, size, { x: 0, y: 999 })).toEqual({ x: 0, y: 399 });
});
