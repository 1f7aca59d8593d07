/** Gives a whole number in [0, n), each as likely; n is between 1 and 2³². */
export type Below = (n: number) => number;

/** The browser's own source of randomness. */
export const secureBelow: Below = (n) => {
  // Numbers past the last whole multiple of n are drawn again, so that none is favoured.
  const limit = Math.floor(0x1_0000_0000 / n) * n;
  const cell = new Uint32Array(1);
  do {
    crypto.getRandomValues(cell);
  } while (cell[0]! >= limit);
  return cell[0]! % n;
};
