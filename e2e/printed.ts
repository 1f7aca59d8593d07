import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";

/** What the printer would give: the text of each page, and the size of the paper in points. */
export interface Paper {
  pages: string[];
  size: string;
}

/** Prints the page as it stands, on the paper that its style asks for. */
export async function printed(page: Page): Promise<Paper> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const folder = mkdtempSync(join(tmpdir(), "preau-print-"));
  try {
    const file = join(folder, "page.pdf");
    writeFileSync(file, pdf);
    const size = /Page size:\s+(.+)/.exec(execFileSync("pdfinfo", [file], { encoding: "utf8" }))?.[1] ?? "";
    const text = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
    if (process.env.KEEP) writeFileSync(process.env.KEEP, pdf);
    // A form feed ends each page.
    return { size, pages: text.split("\f").slice(0, -1) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
