import type { Finding } from "./findings";

/** A line of a list: where it stands, and its cells. */
export interface Row {
  /** From 1, as an editor or a spreadsheet numbers lines. */
  line: number;
  cells: string[];
}

/** Receives the lines one after the other; returns false to have no more. */
export type OnRow = (row: Row) => boolean;

/** Thrown inside readers only; every reader of this folder turns it into its finding. */
export class Unreadable extends Error {
  constructor(readonly finding: Finding) {
    super(finding.key);
    this.name = "Unreadable";
  }
}

export function unreadable(key: Finding["key"], extra: Partial<Finding> = {}): Unreadable {
  return new Unreadable({ severity: "error", ...extra, key });
}
