/** A school's list as software exports it: 25 pupils a class, every one also in one large group. Every pupil is invented. */
export function manyPupils(count: number): string {
  const lines = ["Nom de famille;Prénom 1;Division;Groupes"];
  for (let i = 0; i < count; i++) {
    const klass = `${6 - (Math.floor(i / 25) % 4)}e ${String.fromCharCode(65 + Math.floor(i / 100))}`;
    lines.push(`${syllables(i, 3).toUpperCase()};${capital(syllables(i * 7 + 3, 2))};${klass};Chorale`);
  }
  return lines.join("\r\n");
}

/** The family name of the pupil at a place of that list. */
export const lastNameAt = (i: number): string => syllables(i, 3).toUpperCase();

const parts = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "za", "che", "dri", "flo"];

function syllables(number: number, least: number): string {
  let text = "";
  for (let n = number; text === "" || n > 0 || text.length < least * 2; n = Math.floor(n / parts.length)) text += parts[n % parts.length];
  return text;
}

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1);
