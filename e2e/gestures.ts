import type { Locator, Page } from "playwright-core";
import { Person } from "./browser.ts";
import type { Server } from "./server.ts";

/** Signs in by a one-time link, which asks for one press. */
export async function signIn(person: Person, link: string): Promise<void> {
  await person.page.goto(link);
  await person.page.getByRole("main").getByRole("button").first().click();
  await person.page.waitForURL("**/aujourdhui");
  await person.page.getByRole("heading", { level: 1 }).waitFor();
}

/** Signs in by a link that the command line makes. */
export async function signInAs(person: Person, server: Server, email: string): Promise<void> {
  await signIn(person, (await server.run("staff", "link", email, "--origin", server.origin)).trim());
}

/** Goes by the rail, so that what this tab holds in memory stays. */
export async function rail(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** Opens the names of this tab with the six words. */
export async function unlock(page: Page, phrase: string): Promise<void> {
  await rail(page, "Noms");
  await page.getByRole("textbox", { name: "Vos six mots" }).fill(phrase);
  await page.getByRole("button", { name: "Voir les noms" }).click();
  await page.getByRole("button", { name: /^(Refermer les noms|Oublier cet appareil)$/ }).waitFor({ timeout: 60_000 });
}

/** The six words of a list, in order. */
export async function wordsOf(page: Page, label: string | RegExp): Promise<string[]> {
  const list = page.getByRole("list", { name: label });
  await list.waitFor();
  return list.getByRole("listitem").allInnerTexts();
}

/** Copies the six words that the page shows, confirms two of them, and makes the key. Gives the phrase. */
export async function makeKey(page: Page, own = false): Promise<string> {
  const words = await wordsOf(page, "Les six mots de votre phrase");
  await page.getByRole("button", { name: "Continuer, c’est recopié" }).click();
  await confirmTwo(page, (position) => words[position - 1] ?? "");
  if (own) await page.getByText("Cet appareil est le mien").click();
  await page.getByRole("button", { name: "Créer ma clé" }).click();
  await page.getByRole("heading", { name: "Mon empreinte, à lire à voix haute" }).waitFor({ timeout: 60_000 });
  return words.join(" ");
}

/** Fills the two words asked. */
export async function confirmTwo(page: Page, word: (position: number) => string): Promise<void> {
  const fields = page.getByRole("textbox", { name: /^Mot numéro/ });
  await fields.first().waitFor();
  for (const field of await fields.all()) {
    const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? "");
    await field.fill(word(Number(/\d+/.exec(label)?.[0])));
  }
}

/** Chooses in a Select. */
export async function choose(within: Page | Locator, page: Page, label: string, option: string | RegExp): Promise<void> {
  await within.getByRole("button", { name: label }).click();
  await page.getByRole("option", { name: option }).first().click();
}

/** Pastes names into the import and goes through its steps to the end. */
export async function importPasted(page: Page, names: string, className: string): Promise<void> {
  await rail(page, "Groupes");
  await page.getByRole("link", { name: "Importer une liste" }).first().click();
  await page.getByRole("textbox", { name: /Un élève par ligne/ }).fill(names);
  await page.getByRole("button", { name: "Lire ces noms" }).click();
  await page.getByRole("textbox", { name: "Classe de ces élèves" }).fill(className);
  await goThroughImport(page);
}

/** Presses each step's main button until the list is imported. */
export async function goThroughImport(page: Page, each?: (step: string) => Promise<void>): Promise<void> {
  const done = page.getByText("La liste est importée");
  const next = page.getByRole("button", { name: /^(Continuer|Chiffrer et envoyer|Enregistrer \d+ changement)/ });
  for (let steps = 0; steps < 8; steps++) {
    const heading = page.locator(".import-step h2");
    const at = await heading.innerText();
    await each?.(at);
    await next.first().click({ timeout: 30_000 });
    if (at === "Chiffrer et envoyer") break;
    await heading.filter({ hasNotText: at }).waitFor();
  }
  await done.waitFor({ timeout: 120_000 });
}

/** Makes the first school by the server's own route; the pages of set-up are tried elsewhere. */
export async function setUp(person: Person, server: Server): Promise<string> {
  await person.page.goto(server.origin);
  const token = (await server.setupLink()).split("#")[1] ?? "";
  const answer = await person.page.evaluate(async (token) => {
    const sent = await fetch("/api/v1/setup", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        token,
        school: { name: "Collège des Essais", kind: "college", zone: "Europe/Paris", controllerName: "Ada Essai", controllerRole: "Cheffe d’établissement", controllerContact: "essai@example.fr" },
        staff: { name: "Ada Essai", email: "direction@essai.example", password: "une longue phrase de passe" },
      }),
    });
    const list = await fetch("/api/v1/schools?limit=1");
    return { status: sent.status, school: ((await list.json()) as { items: { id: string }[] }).items[0]?.id ?? "" };
  }, token);
  if (answer.status !== 200 || answer.school === "") throw new Error(`set-up answered ${answer.status}`);
  return answer.school;
}

/** Asks the API as this page's person does. Gives the status and the body. */
export async function ask(page: Page, method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  return page.evaluate(
    async ({ method, path, body }) => {
      const sent = await fetch(`/api/v1${path}`, { method, headers: body === undefined ? {} : { "Content-Type": "application/json" }, body: body === undefined ? null : JSON.stringify(body) });
      const text = await sent.text();
      return { status: sent.status, body: text ? JSON.parse(text) : null };
    },
    { method, path, body },
  );
}
