/** A skill is written by its author as a word without spaces: it is shown with them. */
export function skillWords(skill: string): string {
  const text = skill.replaceAll(/[-_]+/g, " ").replace(/\ba l oral\b/, "à l’oral").replace(/\bgeometrie\b/, "géométrie").replace(/\bproblemes\b/, "problèmes").replace(/\bdonnees\b/, "données");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Below this share of the points a skill is fragile; from the other on it is mastered. */
export const FRAGILE = 0.4;
export const MASTERED = 0.75;

/** Where a pupil stands in a skill. */
export function band(score: { score: number; max: number } | undefined): "fragile" | "coming" | "mastered" | "unknown" {
  if (!score || score.max <= 0) return "unknown";
  const share = score.score / score.max;
  return share < FRAGILE ? "fragile" : share < MASTERED ? "coming" : "mastered";
}
