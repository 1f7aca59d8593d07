import type { Page } from "playwright-core";
import type { Person } from "./browser.ts";

/** Signs in by a one-time link, which asks for one press. */
export async function signIn(person: Person, link: string): Promise<void> {
  await person.page.goto(link);
  await person.page.getByRole("main").getByRole("button").first().click();
  await person.page.waitForURL("**/aujourdhui");
  await person.page.getByRole("heading", { level: 1 }).waitFor();
}

/** Goes by the rail, so that what this tab holds in memory stays. */
export async function rail(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Opens the names with the six words. */
export async function unlock(page: Page, phrase: string): Promise<void> {
  await rail(page, "Noms");
  await page.getByRole("textbox", { name: "Vos six mots" }).fill(phrase);
  await page.getByRole("button", { name: "Voir les noms" }).click();
  await page.getByRole("button", { name: "Refermer les noms" }).waitFor({ timeout: 60_000 });
}
