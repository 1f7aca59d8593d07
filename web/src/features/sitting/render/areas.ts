export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The box around an area, in the picture's own pixels. */
export function boxOf(shape: string, coords: readonly number[]): Box {
  const [x = 0, y = 0, third = 0, fourth = third] = coords;
  switch (shape) {
    case "circle":
      return { left: x - third, top: y - third, width: 2 * third, height: 2 * third };
    case "ellipse":
      return { left: x - third, top: y - fourth, width: 2 * third, height: 2 * fourth };
    case "poly": {
      const xs = coords.filter((_, i) => i % 2 === 0);
      const ys = coords.filter((_, i) => i % 2 === 1);
      const left = Math.min(...xs);
      const top = Math.min(...ys);
      return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
    }
    default:
      return { left: x, top: y, width: third - x, height: (coords[3] ?? y) - y };
  }
}

/** The pixel of a picture under a place of its frame, kept inside. */
export function pixelAt(frame: Box, size: { width: number; height: number }, at: { x: number; y: number }): { x: number; y: number } {
  const along = (place: number, start: number, length: number, pixels: number) => Math.min(pixels - 1, Math.max(0, Math.round(((place - start) / length) * pixels)));
  return { x: along(at.x, frame.left, frame.width, size.width), y: along(at.y, frame.top, frame.height, size.height) };
}
