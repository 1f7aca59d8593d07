import type { Option } from "@/ui";

/** The time zones of France, overseas included, by their IANA name. Place names are the same in both languages. */
const french: readonly (readonly [string, string])[] = [
  ["Europe/Paris", "Paris"],
  ["America/Guadeloupe", "Guadeloupe"],
  ["America/Martinique", "Martinique"],
  ["America/Cayenne", "Guyane"],
  ["Indian/Reunion", "La Réunion"],
  ["Indian/Mayotte", "Mayotte"],
  ["America/Miquelon", "Saint-Pierre-et-Miquelon"],
  ["America/St_Barthelemy", "Saint-Barthélemy"],
  ["America/Marigot", "Saint-Martin"],
  ["Pacific/Noumea", "Nouvelle-Calédonie"],
  ["Pacific/Tahiti", "Tahiti"],
  ["Pacific/Marquesas", "Marquises"],
  ["Pacific/Gambier", "Gambier"],
  ["Pacific/Wallis", "Wallis-et-Futuna"],
  ["Indian/Kerguelen", "Kerguelen"],
];

/** The zones to choose from; the present one stays, whatever it is. */
export function zones(present: string): Option[] {
  const known = french.map(([id, label]) => ({ id, label }));
  return known.some((zone) => zone.id === present) ? known : [...known, { id: present, label: present }];
}
