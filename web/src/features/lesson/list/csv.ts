/**
 * Writes rows as separated values for a spreadsheet (RFC 4180, semicolons as
 * French ones expect, a byte order mark so that accents are read). A cell that a
 * spreadsheet would run as a formula is given as text.
 */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(";")).join("\r\n")}\r\n`;
}

function cell(text: string): string {
  // OWASP, « CSV injection »: also after spaces, which spreadsheets skip.
  const safe = /^\s*[=+\-@\t\r]/.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
