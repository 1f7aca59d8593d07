import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Access, Server } from "./server.ts";

let server: Server;
let empty: Server;
let browser: Browser;
let access: Access;

beforeAll(async () => {
  server = await Server.demo();
  empty = await Server.empty();
  access = server.access();
  browser = await puppeteer.launch({ browser: "firefox", executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr", headless: true, extraPrefsFirefox: { "intl.accept_languages": "fr-FR, fr" }, args: ["--width=1280", "--height=800"] });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await empty?.stop();
});

/** Collects what a page asks of any other origin. */
function watch(page: Page, origin: string): string[] {
  const elsewhere: string[] = [];
  page.on("request", (r) => {
    if (/^https?:/.test(r.url()) && new URL(r.url()).host !== new URL(origin).host) elsewhere.push(r.url());
  });
  return elsewhere;
}

test("in Firefox, a pupil enters and leaves, and a teacher opens the names", async () => {
  const page = await browser.newPage();
  const elsewhere = watch(page, server.origin);
  await page.goto(access.seatLink);
  await page.locator("main button.button-main").click();
  await page.locator(".child-row button.button-main").click();
  await page.locator("::-p-text(Bonjour, )").wait();
  await page.locator(".child-top button").click();
  await page.locator("input[name=code]").wait();

  await page.goto(access.staffLink);
  await page.locator("main button").click();
  await page.locator("a[href='/noms']").click();
  await page.locator("input[name=phrase]").fill(access.phrase);
  await page.locator("main button[type=submit]").click();
  await page.locator("::-p-text(Refermer les noms)").setTimeout(90_000).wait();
  await page.locator("a[href='/groupes']").click();
  await page.locator(`a[href='/groupes/${access.group}']`).click();
  await page.locator("::-p-text(Abadie)").setTimeout(60_000).wait();
  expect(elsewhere).toEqual([]);
});

test("in Firefox, an empty installation becomes a school", async () => {
  const page = await browser.newPage();
  const elsewhere = watch(page, empty.origin);
  await page.goto(await empty.setupLink());
  await page.locator("input[name='school.name']").fill("École des Tilleuls");
  await page.locator("input[name='school.controllerName']").fill("Camille Arnaud");
  await page.locator("input[name='school.controllerContact']").fill("dasen@academie.example");
  await page.locator("main button[type=submit]").click();
  await page.locator("input[name='staff.name']").fill("Dominique Leroy");
  await page.locator("input[name='staff.email']").fill("dominique@ecole.example");
  await page.locator("input[name='staff.password']").fill("un préau sous les platanes");
  await page.locator("main button[type=submit]").click();
  await page.locator("::-p-text(Ouvrir une année)").setTimeout(60_000).wait();
  expect(elsewhere).toEqual([]);
  await page.close();
});

test("in Firefox, a head imports a list", async () => {
  const page = await browser.newPage();
  const elsewhere = watch(page, server.origin);
  await page.goto(access.headLink);
  await page.locator("main button").click();
  await page.locator("a[href='/noms']").click();
  await page.locator("input[name=phrase]").fill(access.phrase);
  await page.locator("main button[type=submit]").click();
  await page.locator("::-p-text(Refermer les noms)").setTimeout(90_000).wait();
  await page.locator("a[href='/groupes']").click();
  await page.locator("a[href='/groupes/importer']").click();
  await page.locator("main textarea").fill("Nom\tPrénom\tDivision\nQUARTZ\tZéphirine\t5e C\nLAPÉROUSE\tÉzéchiel\t5e C");
  await page.locator("main .form-actions ::-p-text(Lire ces noms)").click();
  await page.waitForFunction(() => document.querySelector(".import-step h2")?.textContent === "Vérifier la lecture");
  for (const step of ["Classes, groupes et niveaux", "Comparer avec l’établissement", "Pseudonymes", "Chiffrer et envoyer"]) {
    await page.locator("main .form-actions button.button-main").click();
    await page.waitForFunction((title) => document.querySelector(".import-step h2")?.textContent === title, {}, step);
  }
  await page.locator("::-p-text(Chiffrer et envoyer 2 places)").click();
  await page.locator("::-p-text(Imprimer les fiches de 5e C)").setTimeout(60_000).click();
  await page.locator("::-p-text(QUARTZ Zéphirine)").setTimeout(60_000).wait();
  expect(elsewhere).toEqual([]);
  await page.close();
});

test("in Firefox, a pupil takes a question of a sitting, and it is saved", async () => {
  const page = await browser.newPage();
  const elsewhere = watch(page, server.origin);
  // The head is in since the test before.
  await page.goto(`${server.origin}/evaluations`);
  await page.locator("a[href='/evaluations/banque']").setTimeout(60_000).wait();
  const opened = await page.evaluate(
    async (path) => (await fetch(path, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ open: true }) })).status,
    `/api/v1/schools/${access.school}/campaigns/${access.campaign}/groups/${access.group}/rooms/0`,
  );
  expect(opened).toBeLessThan(300);
  await page.goto(access.seatLink);
  await page.locator("main button.button-main").click();
  await page.locator(".child-row button.button-main").click();
  await page.locator("a[href^='/eleve/evaluation']").setTimeout(60_000).click();
  await page.locator("::-p-text(Commencer)").setTimeout(60_000).click();
  await page.locator(".question-choice input").setTimeout(60_000).click();
  await page.locator("::-p-text(1 sur 10)").wait();
  await page.locator("::-p-text(Tout est enregistré.)").wait();
  await page.reload();
  await page.locator("::-p-text(1 sur 10)").setTimeout(60_000).wait();
  expect(elsewhere).toEqual([]);
  await page.close();
});
