import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { strToU8, zipSync } from "../web/node_modules/fflate/esm/index.mjs";
import { latin1, ods } from "../web/src/features/import/fixtures.ts";
import { Person, accessible, launchChromium } from "./browser.ts";
import { ask, goThroughImport, rail, signIn, unlock } from "./gestures.ts";
import { lastNameAt, manyPupils } from "./pupils.ts";
import { type Access, Server } from "./server.ts";

let server: Server;
let browser: Browser;
let access: Access;
let head: Person;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "preau-lists-"));
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  head = await Person.arrive(browser, server.origin);
  await signIn(head, access.headLink);
  await unlock(head.page, access.phrase);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Begins the import anew with a file, by its content. */
async function give(page: Page, name: string, content: Uint8Array | string): Promise<void> {
  await rail(page, "Groupes");
  await page.getByRole("link", { name: "Importer une liste" }).click();
  const again = page.getByRole("button", { name: "Importer une autre liste" });
  const choose = page.getByRole("button", { name: "Choisir un fichier" });
  await again.or(choose).first().waitFor();
  if (await again.isVisible()) await again.click();
  await choose.waitFor();
  // By path: a large one would be slow on the wire to the browser.
  const path = join(folder, name);
  writeFileSync(path, content);
  await page.locator("input[type=file]").setInputFiles(path);
}

async function seats(page: Page): Promise<{ id: string; number: number; pseudonym: string }[]> {
  const all: { id: string; number: number; pseudonym: string }[] = [];
  for (let after = ""; ; ) {
    const { body } = await ask(page, "GET", `/schools/${access.school}/seats?limit=500${after ? `&after=${after}` : ""}`);
    all.push(...body.items);
    if (!body.next) return all;
    after = body.next;
  }
}

const head2 = "Nom de famille;Prénom 1;Division\r\n";

test("a file that is no list says what it is and what to do, and nothing is sent", async () => {
  const { page } = head;
  const refused: [string, Uint8Array | string, RegExp][] = [
    ["liste.xlsx", zipSync({ "[Content_Types].xml": strToU8("<x/>"), "xl/workbook.xml": strToU8("<x/>") }), /classeur Excel \(\.xlsx\)/],
    ["liste.xls", Buffer.from("d0cf11e0a1b11ae1" + "00".repeat(600), "hex"), /ancien classeur Excel/],
    ["liste.pdf", "%PDF-1.7\n1 0 obj", /C’est un PDF/],
    ["photo.csv", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), /C’est une image/],
    ["vide.csv", "", /La liste est vide/],
    ["blanche.csv", "\r\n\r\n   \r\n", /La liste est vide|Aucun élève n’a été trouvé/],
    ["trop.csv", Buffer.alloc(10 * 1024 * 1024 + 1, "x"), /dépasse 10 Mo/],
    ["trop-d-eleves.csv", manyPupils(5001), /plus de 5.000 élèves/],
    ["guillemet.csv", `${head2}ROY;Ada;5e A\r\nBLANC;"Zoé;5e A\r\nNOIR;Léo;5e A\r\n`, /guillemet ouvert à la ligne 3/],
    ["abime.ods", ods([["Nom", "Prénom"], ["ROY", "Ada"]]).slice(0, 300), /abîmé|pas une liste lisible/],
  ];
  for (const [name, content, message] of refused) {
    await give(page, name, content);
    await page.getByText("Rien n’a été lu de cette liste").waitFor();
    expect(await page.getByRole("main").innerText(), name).toMatch(message);
  }
  await accessible(page, "a refused file");
  expect(await seats(page)).toHaveLength(26);
  expect(head.requests.filter((r) => r.method() === "POST" && r.url().includes("/imports"))).toEqual([]);
});

test("lines that cannot be used are told by their number, and the others wait for a decision", async () => {
  const { page } = head;
  await give(page, "liste.csv", `${head2}ROY;Ada;5e A\r\n;Zoé;5e A\r\nBLANC;Léo;5e A\r\nROY;Ada;5e A\r\nNOIR;${"É".repeat(150)};5e A\r\n`);
  const main = page.getByRole("main");
  await main.getByText(/Ligne 3\s: le nom est vide/).waitFor();
  await main.getByText(/Ligne 5\s: cet élève est déjà à la ligne 2/).waitFor();
  await main.getByText(/Ligne 6\s: le nom ou le prénom dépasse 100 caractères/).waitFor();
  await page.getByRole("button", { name: "Continuer sans ces 2 lignes" }).waitFor();
  await accessible(page, "lines set aside");
  expect(await seats(page)).toHaveLength(26);
});

test("Latin-1 and ODS lists are read as they were written", async () => {
  const { page } = head;
  await give(page, "liste.csv", latin1(`${head2}LEFÈVRE;Zoé-Maëlle;5e A\r\n`));
  await page.getByRole("cell", { name: "Zoé-Maëlle" }).or(page.getByText("Zoé-Maëlle")).first().waitFor();
  await give(page, "liste.ods", ods([["Nom", "Prénom", "Classe"], ["ÇELİK", "Ngọc Ánh", "5e D"], ["D’ALMEIDA", "Anaël", "5e D"]]));
  await goThroughImport(page);
  await page.getByRole("link", { name: "Imprimer les fiches de 5e D" }).click();
  await page.getByRole("row", { name: /ÇELİK Ngọc Ánh/ }).waitFor();
  await page.getByRole("row", { name: /D’ALMEIDA Anaël/ }).waitFor();
  expect(await seats(page)).toHaveLength(28);
});

test("two thousand pupils: a server killed on the way leaves nothing half, the sending is taken up once, and the list is usable", async () => {
  const { page } = head;
  await give(page, "etablissement.csv", manyPupils(2000));
  await page.getByText("2 000 lignes lues").or(page.getByText(/2.000 lignes lues/)).first().waitFor({ timeout: 60_000 });
  const killed = new Promise<void>((done) => {
    page.on("request", function sent(r) {
      if (r.method() !== "POST" || !r.url().includes("/imports")) return;
      page.off("request", sent);
      void server.killAndRestart().then(done);
    });
  });
  const next = page.getByRole("button", { name: /^(Continuer|Chiffrer et envoyer)/ });
  const step = page.locator(".import-step h2");
  for (let at = await step.innerText(); at !== "Chiffrer et envoyer"; at = await step.innerText()) {
    await next.first().click();
    await step.filter({ hasNotText: at }).waitFor({ timeout: 60_000 });
  }
  await page.getByRole("button", { name: /^Chiffrer et envoyer 2.000 places/ }).click();
  await page.getByRole("progressbar").first().waitFor();
  await killed;
  const resume = page.getByRole("button", { name: "Reprendre l’envoi" });
  await resume.waitFor({ timeout: 60_000 });
  await page.getByText("La connexion a été perdue. Votre liste est toujours ici").waitFor();
  await accessible(page, "an import that was cut off");
  expect([28, 2028], "all or nothing").toContain((await seats(page)).length);
  await resume.click();
  await page.getByText("La liste est importée").waitFor({ timeout: 120_000 });
  const all = await seats(page);
  expect(all).toHaveLength(2028);
  expect(new Set(all.map((s) => s.number)).size).toBe(2028);
  expect(new Set(all.map((s) => s.pseudonym)).size).toBe(2028);

  await rail(page, "Groupes");
  await page.getByRole("link", { name: "Chorale", exact: true }).click();
  const table = page.getByRole("table", { name: "Élèves de Chorale" });
  await table.waitFor();
  expect(await table.getByRole("row").count()).toBe(201);
  await page.getByRole("button", { name: /^Afficher la suite/ }).click();
  await expect.poll(() => table.getByRole("row").count()).toBe(401);
  await page.getByRole("searchbox").fill(lastNameAt(1234).toLowerCase());
  await expect.poll(() => table.getByRole("rowheader").allInnerTexts()).toEqual([expect.stringContaining(lastNameAt(1234))]);
  await rail(page, "Données");
  await page.getByRole("tab", { name: "Une personne" }).click();
  await page.getByRole("searchbox").fill(lastNameAt(1999).toLowerCase());
  await page.getByRole("row", { name: new RegExp(lastNameAt(1999)) }).waitFor();
  await head.leave();
});
