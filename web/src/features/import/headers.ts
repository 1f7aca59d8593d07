import { fold } from "./fold";

/** What a column may be for. Every other column is left where it is. */
export const ROLES = ["last", "usage", "first", "full", "level", "class", "groups", "kind"] as const;
export type Role = (typeof ROLES)[number];

/** Columns of each role, by position from 0. Only groups may have several. */
export type Mapping = Partial<Record<Exclude<Role, "groups">, number>> & {
  groups: number[];
  /** The first line holds headings, although none was recognised. */
  skipFirst?: boolean;
};

/** The software that wrote a list, as far as its headings tell. */
export type Origin = "onde" | "siecle" | "pronote" | "other";

export interface Column {
  index: number;
  /** The heading, or "" in a list without one. */
  label: string;
  /** Birth, sex, address, family…: never kept, never offered. */
  sensitive: boolean;
}

// Headings as ONDE, SIECLE and Pronote write them, and synonyms; the first that a list has wins.
const NAMES: Record<Role, readonly string[]> = {
  last: [
    "nom eleve", "nom de famille", "nom de l eleve", "nom de famille eleve", "nom de famille de l eleve", "nom de naissance", "nom", "noms",
    "nom famille", "nom patronymique", "last name", "lastname", "surname", "family name",
  ],
  usage: ["nom d usage eleve", "nom d usage de l eleve", "nom d usage", "nom usage", "nom usuel"],
  first: [
    "prenom eleve", "prenom de l eleve", "prenom d usage", "prenom usuel", "prenom", "prenom 1", "1er prenom", "premier prenom", "prenoms",
    "first name", "firstname", "given name",
  ],
  full: [
    "nom et prenom", "nom prenom", "nom et prenom de l eleve", "nom prenom eleve", "nom prenoms", "nom et prenoms", "eleve", "eleves", "nom complet",
    "prenom nom", "prenom et nom", "identite", "pupil", "student", "name", "full name",
  ],
  level: [
    "niveau", "niveau eleve", "niveau de l eleve", "niveau scolaire", "libelle niveau", "lib niveau", "niveaux", "lib mef", "libelle mef",
    "mef libelle", "mef", "formation", "lib formation", "niv", "level", "grade",
  ],
  class: [
    "libelle classe", "lib classe", "classe", "classes", "nom classe", "nom de la classe", "classe eleve", "classe de l eleve", "division",
    "libelle division", "lib division", "code division", "divisions", "lib structure", "libelle structure", "code structure", "structure",
    "classe de rattachement", "class",
  ],
  groups: ["groupes", "groupe", "groupes de l eleve", "libelle groupe", "lib groupe", "code groupe", "liste des groupes", "groups", "group"],
  kind: ["type structure", "type de structure"],
};

const SENSITIVE =
  /\b(naiss\w*|nee?|date|ages?|sexes?|genre|civilite|adresse\w*|adr|rue|voie|cp\d*|code postal|commune\w*|ville\w*|pays\w*|ine|id national|identifiant national|num\w* (de )?secu\w*|tel\w*|portable|mobile|mail|email|courriel|mel|resp\w*|parents?|peres?|meres?|tuteur|tutrice|legal\w*|famille \d|regime|bours\w*|nationalite|profession|photo|assurance|pai|pps|sante|medec\w*|allerg\w*|religion|transport|circuit|birth\w*|sex|gender|address|phone)\b/;

const isSensitive = (folded: string) => SENSITIVE.test(folded) && !Object.values(NAMES).some((names) => names.includes(folded));

export function readColumns(headings: readonly string[]): Column[] {
  return headings.map((label, index) => ({ index, label: label.replace(/\s+/g, " ").trim().slice(0, 80), sensitive: isSensitive(fold(label)) }));
}

/** Which column is for what, judged by its heading alone. */
export function guessMapping(columns: readonly Column[]): Mapping {
  const folded = columns.map((c) => fold(c.label));
  const used = new Set<number>();
  const find = (role: Role): number | undefined => {
    for (const name of NAMES[role]) {
      const at = folded.findIndex((f, i) => f === name && !used.has(i));
      if (at >= 0) {
        used.add(at);
        return at;
      }
    }
    return undefined;
  };
  const mapping: Mapping = { groups: [] };
  for (const role of ["usage", "last", "first", "level", "class", "kind"] as const) {
    const at = find(role);
    if (at !== undefined) mapping[role] = at;
  }
  // Headings said in full («Nom (élève)»), when none was said plainly.
  const loose: [Exclude<Role, "groups">, RegExp][] = [
    ["last", /^nom\b(?!.*\b(pre?noms?|classe|groupe|ecole|etablissement)\b)/],
    ["first", /^prenom\b(?! [2-9]\b)(?!.*\bnom\b)/],
    ["class", /^(libelle |lib )?(classe|division)\b/],
    ["level", /^niveau\b/],
  ];
  for (const [role, form] of loose) {
    if (mapping[role] !== undefined) continue;
    const at = columns.findIndex((c, i) => !c.sensitive && !used.has(i) && form.test(folded[i]!));
    if (at >= 0) {
      mapping[role] = at;
      used.add(at);
    }
  }
  if (mapping.last === undefined || mapping.first === undefined) {
    const full = find("full");
    if (full !== undefined) {
      mapping.full = full;
      delete mapping.last;
      delete mapping.first;
      delete mapping.usage;
    }
  }
  folded.forEach((f, i) => {
    if (!used.has(i) && !columns[i]!.sensitive && (NAMES.groups.includes(f) || /^(lib |libelle |code )?groupe \d+$/.test(f))) mapping.groups.push(i);
  });
  return mapping;
}

/** The column of dates of birth, if any. */
export function birthColumn(columns: readonly Column[]): number | undefined {
  return columns.find((c) => /^((date|jour) (de )?naissance\b|nee?( e)? le\b|(birth ?date|date of birth)\b)/.test(fold(c.label)))?.index;
}

/** A mapping from which names can be read. */
export function namesPupils(mapping: Mapping): boolean {
  return mapping.full !== undefined || (mapping.last !== undefined && mapping.first !== undefined);
}

/** Whether a line is a line of headings. */
export function isHeader(cells: readonly string[]): boolean {
  return cells.length > 0 && cells.every((c) => c.length < 80) && namesPupils(guessMapping(readColumns(cells)));
}

export function guessOrigin(columns: readonly Column[]): Origin {
  const has = (...names: string[]) => names.some((n) => columns.some((c) => fold(c.label) === n));
  if (has("nom eleve", "nom d usage eleve", "libelle classe", "identifiant classe")) return "onde";
  if (has("code structure", "lib structure", "code mef", "lib mef", "mef", "id national", "num eleve etab", "division")) return "siecle";
  if (has("classe") && has("groupes", "ne e le", "nee le", "toutes les options", "projet d accompagnement", "professeur principal", "niveau"))
    return "pronote";
  return "other";
}
