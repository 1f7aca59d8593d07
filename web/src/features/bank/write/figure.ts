/** A figure as it is typed, with a comma or not. */
export const figure = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text.replace(",", ".").replace(/[\s\u00a0\u202f]/g, "")));
