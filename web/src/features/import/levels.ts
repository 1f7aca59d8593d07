import { fold } from "./fold";

/** The levels of école, collège and lycée, from the youngest. */
export const LEVELS = [
  "TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2",
  "6e", "5e", "4e", "3e", "2de", "1re", "Tle", "CAP1", "CAP2",
] as const;

export type Level = (typeof LEVELS)[number];

const WORDS: readonly [RegExp, Level][] = [
  [/^(tps|toute petite section|tres petite section)\b/, "TPS"],
  [/^(ps|petite section|section des petits|petits)\b/, "PS"],
  [/^(ms|moyenne section|section des moyens|moyens)\b/, "MS"],
  [/^(gs|grande section|section des grands|grands)\b/, "GS"],
  [/^(cp|cours preparatoire)\b/, "CP"],
  [/^(ce ?1|cours elementaire (1|premiere))/, "CE1"],
  [/^(ce ?2|cours elementaire (2|deuxieme|seconde))/, "CE2"],
  [/^(cm ?1|cours moyen (1|premiere))/, "CM1"],
  [/^(cm ?2|cours moyen (2|deuxieme|seconde))/, "CM2"],
  [/^(1 ?cap ?[123]?|cap ?1|(1|1ere|premiere) annee (de )?cap)\b/, "CAP1"],
  [/^(2 ?cap ?[123]?|cap ?2|(2|2eme|deuxieme) annee (de )?cap)\b/, "CAP2"],
  [/^(6( ?(e|eme|em|m))?|sixieme)\b/, "6e"],
  [/^(5( ?(e|eme|em|m))?|cinquieme)\b/, "5e"],
  [/^(4( ?(e|eme|em|m))?|quatrieme)\b/, "4e"],
  [/^(3( ?(e|eme|em|m))?|troisieme)\b/, "3e"],
  [/^(2( ?(de|nde|nd|e|eme|gt|pro|p))?|2n?d?pro|seconde)\b/, "2de"],
  [/^(1( ?(re|ere|er|e|g|t|st|sti2d|stmg|st2s|stl|pro|p))?|premiere)\b/, "1re"],
  [/^(terminales?|term|tle|tale|t( ?(g|t|stmg|sti2d|st2s|stl|pro|p))?)\b/, "Tle"],
];

/** Reads a level as schools write it; null when it is none, or several at once. */
export function readLevel(text: string): Level | null {
  const folded = fold(text);
  if (folded === "") return null;
  for (const [form, level] of WORDS) {
    const found = form.exec(folded);
    if (!found) continue;
    // «CE1 CE2» names a class of two levels, not the level of a pupil.
    const rest = folded.slice(found[0].length).replace(/^ ?(ere|eme|re|e)? ?annee\b/, "").trim();
    if (rest !== "" && WORDS.some(([other, l]) => l !== level && /^(tps|ps|ms|gs|cp|ce|cm|[3456] ?e)/.test(rest) && other.test(rest))) return null;
    return level;
  }
  return null;
}

/** The level that a class's name begins with, such as «6e B» or «CM2 de Mme Roy»; null when it names none or several. */
export function levelOfClass(name: string): Level | null {
  const folded = fold(name).replace(/^(classe|class|division)( (de|des|du))? /, "");
  // «6B» and «5e3» are usual names of classes; «601» could be a room.
  const short = /^([3-6])(?: ?[a-z]| ?e ?\d{1,2}| ?eme ?\d{1,2})$/.exec(folded);
  if (short) return `${short[1]}e` as Level;
  if (/^\d+$/.test(folded)) return null;
  return readLevel(folded);
}
