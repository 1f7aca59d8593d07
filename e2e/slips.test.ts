import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Encrypter, identityToRecipient } from "../web/node_modules/age-encryption/dist/index.js";
import { Person, accessible, launchChromium, narrow } from "./browser.ts";
import { ask, choose, goThroughImport, rail, signIn, unlock } from "./gestures.ts";
import { type Access, Server } from "./server.ts";

// One school year of slips: each test goes on where the one before stopped.
let server: Server;
let browser: Browser;
let access: Access;
let head: Person;

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  head = await Person.arrive(browser, server.origin);
  // What would be printed is kept instead.
  await head.context.addInitScript(() => {
    window.print = () => void (globalThis as unknown as { printed: string[] }).printed.push(document.querySelector<HTMLElement>(".slips-sheet")?.textContent ?? "");
    (globalThis as unknown as { printed: string[] }).printed = [];
  });
  await signIn(head, access.headLink);
  await unlock(head.page, access.phrase);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function enterBy(person: Person, link: string): Promise<void> {
  await person.page.goto(link);
  await person.page.getByRole("button", { name: "Entrer" }).click();
  await person.page.getByRole("button", { name: "Oui, c’est moi" }).click();
}

async function type(person: Person, code: string): Promise<void> {
  await person.page.goto(server.origin);
  await person.page.getByRole("textbox").fill(code);
  await person.page.getByRole("button", { name: "Entrer" }).click();
}

/** Tries a way in, then leaves: the pseudonym that it opened, or the refusal. */
async function opens(way: { link: string } | { code: string }): Promise<string> {
  const pupil = await Person.arrive(browser, server.origin, { viewport: narrow });
  const { page } = pupil;
  if ("link" in way) {
    await page.goto(way.link);
    await page.getByRole("button", { name: "Entrer" }).click();
  } else await type(pupil, way.code);
  const who = page.locator(".child-pseudonym");
  const refusal = page.locator(".notice-brick, .field-error, [role=alert]").filter({ hasText: /\S/, visible: true }).first();
  await who.or(refusal).first().waitFor();
  const found = (await who.isVisible()) ? await who.innerText() : await refusal.innerText();
  if (await who.isVisible()) await page.getByRole("button", { name: "Non, ce n’est pas moi" }).click();
  await page.waitForLoadState("networkidle");
  await pupil.leave();
  return found;
}

async function toGroup(page: Page, name: string): Promise<void> {
  await rail(page, "Groupes");
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

async function toSlips(page: Page, group: string): Promise<void> {
  await toGroup(page, group);
  await page.getByRole("link", { name: "Fiches" }).click();
  await page.getByRole("heading", { level: 1, name: `Fiches de ${group}` }).waitFor();
  await page.getByRole("button", { name: /^Imprimer \d+ fiches?$/ }).waitFor();
}

/** The code printed on a slip. */
async function codeOf(page: Page, pseudonym: string): Promise<string> {
  const text = await page.locator(".slip", { hasText: pseudonym }).locator(".slip-code").innerText();
  return /[0-9A-Z]{4}-[0-9A-Z]{5}/.exec(text)?.[0] ?? "";
}

async function act(page: Page, row: Locator, entry: string): Promise<void> {
  await row.getByRole("button", { name: /^Plus/ }).click();
  await page.getByRole("menuitem", { name: entry }).click();
}

const printed = (page: Page) => page.evaluate(() => (globalThis as unknown as { printed: string[] }).printed);

test("first names reach a pupil who came by slip, not one who typed a code, and go when the teacher stops", async () => {
  const teacher = await Person.arrive(browser, server.origin);
  const bySlip = await Person.arrive(browser, server.origin, { viewport: narrow });
  const byCode = await Person.arrive(browser, server.origin, { viewport: narrow });
  await enterBy(bySlip, access.secondSeatLink);
  await bySlip.page.getByRole("heading", { name: "Bonjour, Renard attentif" }).waitFor();
  await type(byCode, access.code);
  await byCode.page.getByRole("button", { name: "Oui, c’est moi" }).click();
  await signIn(teacher, access.staffLink);
  await unlock(teacher.page, access.phrase);
  await toGroup(teacher.page, "6e B");
  const shared = teacher.page.getByText("Les élèves présents voient les prénoms de la classe");
  await expect.poll(() => teacher.page.getByRole("switch", { name: "Les élèves présents voient les prénoms de la classe" }).isEnabled(), { timeout: 60_000 }).toBe(true);
  await shared.click();
  await teacher.page.getByText("Envoyés à 1 élève").waitFor({ timeout: 60_000 });
  await teacher.page.getByText("1 élève, avec un code tapé, ne peut pas les recevoir.").waitFor();
  await accessible(teacher.page, "sharing first names");
  await bySlip.page.reload();
  const list = bySlip.page.getByRole("region", { name: "Les prénoms de ton groupe" });
  await list.waitFor();
  expect(await list.getByRole("listitem").count()).toBe(26);
  expect(await list.innerText()).toContain("Quitterie");
  expect(await list.innerText(), "first names only").not.toContain("Lacombe");
  await accessible(bySlip.page, "first names at 360 px");
  await byCode.page.reload();
  await byCode.page.getByRole("heading", { name: "Bonjour, Loutre rêveuse" }).waitFor();
  await byCode.page.waitForLoadState("networkidle");
  expect(await byCode.page.getByText("Quitterie").count()).toBe(0);
  expect((await ask(byCode.page, "GET", "/door")).body.firstNames).toBeUndefined();

  // The server knows whom to seal to, and cannot vouch for what it would write.
  const entry = await bySlip.page.evaluate(() => JSON.parse(sessionStorage.getItem("preau.entry") ?? "{}") as { identity: string });
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(entry.identity));
  const text = JSON.stringify({ group: access.group, names: { seat: "Inventé" } });
  const forged = Buffer.from(await encrypter.encrypt(`${"A".repeat(43)}\n${text}`)).toString("base64url");
  await bySlip.page.route("**/api/v1/door", async (route) => {
    const answer = await route.fetch();
    const state = await answer.json();
    expect(state.firstNames).toHaveLength(1);
    await route.fulfill({ response: answer, json: { ...state, firstNames: [{ ...state.firstNames[0], sealed: forged }] } });
  });
  await bySlip.page.reload();
  await bySlip.page.getByRole("heading", { name: "Bonjour, Renard attentif" }).waitFor();
  await bySlip.page.waitForLoadState("networkidle");
  expect(await bySlip.page.getByText("Inventé").count(), "a forged box is not shown").toBe(0);
  await bySlip.page.unroute("**/api/v1/door");

  await shared.click();
  await expect.poll(async () => (await ask(bySlip.page, "GET", "/door")).body.firstNames).toBeUndefined();
  await bySlip.page.reload();
  await bySlip.page.getByRole("heading", { name: "Bonjour, Renard attentif" }).waitFor();
  await bySlip.page.waitForLoadState("networkidle");
  expect(await bySlip.page.getByText("Quitterie").count()).toBe(0);
  expect(await teacher.sent()).not.toContain("Quitterie");
  for (const person of [bySlip, byCode]) {
    await person.page.getByRole("button", { name: "Partir" }).click();
    await person.page.getByRole("textbox").waitFor();
    await person.leave();
  }
  await teacher.leave();
});

test("one slip is printed again, alone", async () => {
  await toSlips(head.page, "6e B");
  await head.page.getByRole("button", { name: "Imprimer la fiche de Comète généreuse" }).click();
  await expect.poll(() => printed(head.page)).toHaveLength(1);
  const [sheet] = await printed(head.page);
  expect(sheet).toContain("Comète généreuse");
  expect(sheet).toContain("Carpentier");
  expect(sheet).not.toContain("Loutre rêveuse");
});

test("a stolen slip is replaced: its link, its code and what it had opened are refused", async () => {
  const { page } = head;
  const thief = await Person.arrive(browser, server.origin);
  await enterBy(thief, access.secondSeatLink);
  await thief.page.getByRole("heading", { name: "Bonjour, Renard attentif" }).waitFor();
  const former = await codeOf(page, "Renard attentif");
  await page.getByRole("button", { name: "Remplacer la fiche de Renard attentif" }).click();
  await accessible(page, "replacing a slip");
  await page.getByRole("alertdialog").getByRole("button", { name: "Remplacer la fiche" }).click();
  await page.getByText("La fiche de Renard attentif est remplacée").waitFor();
  await thief.page.reload();
  await thief.page.getByRole("heading", { name: "Tu n’es pas à l’intérieur" }).waitFor();
  await thief.leave();
  await expect.poll(() => codeOf(page, "Renard attentif")).not.toBe(former);
  expect(await opens({ link: access.secondSeatLink })).toContain("Cette fiche ne marche plus");
  expect(await opens({ code: former })).toContain("Ce code ne marche pas");
  expect(await opens({ code: await codeOf(page, "Renard attentif") })).toBe("Renard attentif");
});

test("two swapped slips are exchanged: each opens the seat of the pupil who holds it", async () => {
  const { page } = head;
  const [otter, star] = [await codeOf(page, "Loutre rêveuse"), await codeOf(page, "Étoile radieuse")];
  await page.getByRole("button", { name: "Échanger deux fiches" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Premier élève" }).fill("Abadie");
  await page.getByRole("option", { name: /Abadie/ }).click();
  await dialog.getByRole("combobox", { name: "Second élève" }).fill("Barbier");
  await page.getByRole("option", { name: /Barbier/ }).click();
  await accessible(page, "exchanging slips");
  await dialog.getByRole("button", { name: "Échanger les fiches" }).click();
  await page.getByText("Les fiches de Loutre rêveuse et de Étoile radieuse sont échangées.").waitFor();
  await expect.poll(() => codeOf(page, "Loutre rêveuse")).toBe(star);
  expect(await opens({ link: access.seatLink })).toBe("Étoile radieuse");
  expect(await opens({ code: otter })).toBe("Étoile radieuse");
  expect(await opens({ code: star })).toBe("Loutre rêveuse");
});

test("a pupil arrives, changes group, leaves and comes back", async () => {
  const { page } = head;
  await toGroup(page, "6e B");
  await page.getByRole("button", { name: "Plus d’actions : 6e B" }).click();
  await page.getByRole("menuitem", { name: "Ajouter un élève" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Nom", { exact: true }).fill("Wagner");
  await dialog.getByLabel("Prénom").fill("Élodie");
  await accessible(page, "a pupil arrives");
  await dialog.getByRole("button", { name: "Ajouter un élève" }).click();
  await page.getByText("L’élève a sa place").waitFor();
  const row = page.getByRole("row", { name: /Wagner Élodie/i });
  await row.waitFor();
  await toSlips(page, "6e B");
  const pseudonym = await page.getByRole("row", { name: /Wagner Élodie/i }).locator(".slips-who").innerText();
  const code = await codeOf(page, pseudonym);
  expect(await opens({ code })).toBe(pseudonym);

  await toGroup(page, "6e B");
  await act(page, row, "Changer de groupe");
  await page.getByRole("dialog").locator(".choice", { hasText: "6e B" }).click();
  await page.getByRole("dialog").locator(".choice", { hasText: "6e allemand" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Enregistrer" }).click();
  await page.getByText("Groupes modifiés").waitFor();
  await row.waitFor({ state: "detached" });
  await toGroup(page, "6e allemand");
  await row.waitFor();

  await act(page, row, "Marquer le départ");
  await page.getByRole("alertdialog").getByRole("button", { name: "Marquer le départ" }).click();
  await row.waitFor({ state: "detached" });
  expect(await opens({ code })).toContain("Ce code ne marche pas");
  await page.getByRole("button", { name: "Montrer le départ" }).click();
  await row.getByText(/Départ le/).waitFor();
  await act(page, row, "Faire revenir");
  await page.getByText("L’élève est de retour").waitFor();
  await page.getByText(/^Départ le/).waitFor({ state: "detached" });
});

test("a year rolls over: new seats for the same pupils, and the old slips are refused once it is closed", async () => {
  const { page } = head;
  await rail(page, "Établissement");
  await page.getByRole("link", { name: "Années" }).click();
  await page.getByRole("button", { name: "Ouvrir une année" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Ouvrir une année" }).click();
  await page.getByText("Passer d’une année à l’autre").waitFor();
  await accessible(page, "two open years");
  const years = (await ask(page, "GET", `/schools/${access.school}/years`)).body.items as { id: string; label: string }[];
  expect(years).toHaveLength(2);
  await page.getByRole("link", { name: "Importer une liste" }).click();
  await page.getByRole("button", { name: /^Année scolaire|Année scolaire$/ }).first().waitFor();
  await page.getByRole("textbox", { name: /Un élève par ligne/ }).fill("ABADIE Amina\nAUBERT Baptiste\n");
  await page.getByRole("button", { name: "Lire ces noms" }).click();
  await page.getByRole("textbox", { name: "Classe de ces élèves" }).fill("5e B");
  await goThroughImport(page, async (step) => {
    if (step === "Comparer avec l’établissement") await page.getByText("2 élèves arrivent").waitFor();
  });
  await toSlips(page, "5e B");
  const pseudonym = await page.getByRole("row", { name: /ABADIE Amina/ }).locator(".slips-who").innerText();
  const code = await codeOf(page, pseudonym);

  await rail(page, "Établissement");
  await page.getByRole("link", { name: "Années" }).click();
  await page.getByRole("button", { name: `Clore ${years[1]!.label}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Clore" }).click();
  await page.getByText(/^Close le/).waitFor();
  expect(await opens({ link: access.seatLink })).toContain("Cette fiche ne marche plus");
  await toGroup(page, "5e B");
  await page.getByRole("button", { name: "Ouvrir la porte" }).click();
  await page.getByText("Porte ouverte : 5e B").waitFor();
  expect(await opens({ code })).toBe(pseudonym);
  await rail(page, "Groupes");
  await choose(page, page, "Année scolaire", /close/);
  await page.getByRole("link", { name: "6e B", exact: true }).click();
  await page.getByText(/Cette année est close depuis/).waitFor();
  await accessible(page, "a group of a closed year");
  await page.getByText("Abadie").first().waitFor();
  await head.leave();

  // The demonstration starts again on a closed year, and says so.
  await server.killAndRestart();
  expect(server.output.join("")).toContain("La porte reste fermée");
});
