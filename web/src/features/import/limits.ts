/** The largest file, in bytes. */
export const MAX_BYTES = 10 * 1024 * 1024;
/** The most pupils in one import, which is what the server takes at once. */
export const MAX_PUPILS = 5000;
/** The most text that a spreadsheet may unfold to, in bytes. */
export const MAX_UNFOLDED = 96 * 1024 * 1024;
/** Columns beyond these are ignored: no school's export has as many. */
export const MAX_COLUMNS = 400;
/** Lines read at most; those beyond the pupils are headings and blanks. */
export const MAX_LINES = 20_000;
/** The longest last or first name, in characters. */
export const MAX_NAME = 100;
/** The longest name of a group, in characters. */
export const MAX_GROUP_NAME = 60;
/** The most groups in one import. */
export const MAX_GROUPS = 300;
