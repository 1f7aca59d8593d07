import { encode } from "uqr";

/** A QR code as one SVG path in a square of `size` modules, its quiet zone of four included (ISO/IEC 18004). */
export interface QrShape {
  size: number;
  path: string;
}

const QUIET = 4;

/**
 * Draws a QR code. Level Q mends a quarter of the code: slips are folded, and
 * travel in schoolbags.
 */
export function qrShape(text: string): QrShape {
  const { data, size } = encode(text, { ecc: "Q", border: QUIET });
  let path = "";
  data.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue;
      const start = x;
      while (row[x + 1]) x++;
      const width = x - start + 1;
      path += `M${start} ${y}h${width}v1h-${width}z`;
    }
  });
  return { size, path };
}
