/** What reading a list may say. Each has a sentence in the catalogue, under `f_…`. */
export type FindingKey =
  | "too_large"
  | "too_many_pupils"
  | "empty"
  | "kind_xlsx"
  | "kind_xls"
  | "kind_pdf"
  | "kind_xml"
  | "kind_html"
  | "kind_zip"
  | "kind_document"
  | "kind_image"
  | "kind_unknown"
  | "damaged"
  | "gone"
  | "bomb"
  | "protected"
  | "no_header"
  | "no_name_column"
  | "no_pupil"
  | "open_quote"
  | "other_sheets"
  | "name_empty"
  | "last_empty"
  | "first_empty"
  | "name_too_long"
  | "not_a_name"
  | "lost_letter"
  | "duplicate"
  | "same_name"
  | "merged"
  | "level_unknown"
  | "group_too_long"
  | "too_many_groups"
  | "order_unsure";

/**
 * Something to tell about a list. An error without a line stops the reading;
 * an error on a line sets that line aside; the rest is for the eye.
 */
export interface Finding {
  key: FindingKey;
  severity: "error" | "warning" | "info";
  /** The line of the file, as an editor or a spreadsheet numbers it, from 1. */
  line?: number;
  args?: Record<string, string | number>;
}

export function stops(finding: Finding): boolean {
  return finding.severity === "error" && finding.line === undefined;
}
