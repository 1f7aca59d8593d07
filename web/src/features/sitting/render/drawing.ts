export type Pen = "black" | "blue" | "red" | "green";

/** The pens, by their number in an answer, and their colours on a white picture. */
export const pens: readonly { name: Pen; ink: string }[] = [
  { name: "black", ink: "#1f2a33" },
  { name: "blue", ink: "#1f5c99" },
  { name: "red", ink: "#a33a22" },
  { name: "green", ink: "#2a6349" },
];

/** The most that a drawing holds, in signs: the server takes 128 KiB of an answer. */
export const MOST = 100_000;

export interface Stroke {
  pen: number;
  wide: boolean;
  /** x and y in turn, in pixels of the picture. */
  points: readonly number[];
}

/** A stroke as it is answered: "pen wide x,y x,y…". */
export function written({ pen, wide, points }: Stroke): string {
  const pairs: string[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) pairs.push(`${points[i]},${points[i + 1]}`);
  return `${pen} ${wide ? 1 : 0} ${pairs.join(" ")}`;
}

/** The strokes of an answer, and the words that go with them or stand for them, which follow a sharp. */
export function readDrawing(answer: readonly string[]): { strokes: Stroke[]; words: string } {
  const strokes: Stroke[] = [];
  let words = "";
  for (const one of answer) {
    if (one.startsWith("#")) {
      words = one.slice(1);
      continue;
    }
    const [pen, wide, ...points] = one.split(" ");
    strokes.push({ pen: Number(pen), wide: wide === "1", points: points.flatMap((p) => p.split(",").map(Number)) });
  }
  return { strokes, words };
}

/** The answer of strokes and words. */
export function answerOf(strokes: readonly Stroke[], words: string): string[] {
  return [...strokes.map(written), ...(words.trim() === "" ? [] : [`#${words}`])];
}

/** The points of a stroke with one more, unless it hardly moves. */
export function extended(points: readonly number[], x: number, y: number): readonly number[] {
  const [lastX = -9, lastY = -9] = points.slice(-2);
  return Math.hypot(x - lastX, y - lastY) < 2 ? points : [...points, x, y];
}
