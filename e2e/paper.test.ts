import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, accessibleInBoth, launchChromium, narrow, wide } from "./browser.ts";
import { signIn, unlock } from "./gestures.ts";
import { printed } from "./printed.ts";
import { type Access, Server } from "./server.ts";

// A group on paper: each test goes on where the one before stopped.
let server: Server;
let browser: Browser;
let access: Access;
let teacher: Person;

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  teacher = await Person.arrive(browser, server.origin);
  await signIn(teacher, access.staffLink);
  await unlock(teacher.page, access.phrase);
  await teacher.page.evaluate((path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, `/evaluations/${access.campaign}/${access.group}?vue=papier`);
  await teacher.page.getByRole("heading", { name: "Cahiers et consignes" }).waitFor();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const blank = (pages: string[]) => pages.flatMap((text, i) => (text.trim().length < 15 ? [i + 1] : []));

test("the booklet, in both prints, is whole, without a blank page and without a name", async () => {
  const { page } = teacher;
  await page.waitForLoadState("networkidle");
  const normal = await printed(page);
  const text = normal.pages.join("\n");
  expect(blank(normal.pages), "blank pages").toEqual([]);
  expect(normal.size).toContain("A4");
  for (let n = 1; n <= 10; n++) expect(text, `question ${n}`).toMatch(new RegExp(`Question ${n}\\b`));
  expect(text).not.toMatch(/Question 11\b/);
  expect(text).toContain("Coche une case.");
  expect(text).toContain("C’est fini.");
  expect(text, "what the screen has").not.toContain("Grille de saisie");
  expect(text).not.toContain("Quitterie");
  // Black on white: nothing of the sheet takes another colour, also for who reads in the dark.
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const colours = await page.locator(".paper-sheet *").evaluateAll((all) => [...new Set(all.filter((e) => !(e instanceof SVGElement)).map((e) => getComputedStyle(e).color))]);
  expect(colours).toEqual(["rgb(0, 0, 0)"]);
  const ground = await page.evaluate(() => [document.documentElement, document.body, document.querySelector(".paper-sheet")!].map((e) => getComputedStyle(e).backgroundColor));
  expect(ground).toEqual(["rgb(255, 255, 255)", "rgb(255, 255, 255)", "rgb(255, 255, 255)"]);
  await page.emulateMedia({ media: null, colorScheme: null });

  await page.getByText("Cahier en gros caractères").click();
  const large = await printed(page);
  expect(blank(large.pages), "blank pages in large print").toEqual([]);
  expect(large.pages.length).toBeGreaterThan(normal.pages.length);
  expect(await page.locator(".paper-sheet[data-large]").count()).toBe(1);
});

test("a booklet for each pupil bears seat and pseudonym, and the name only when it is asked for", async () => {
  const { page } = teacher;
  await page.getByText("Cahier de l’élève").click();
  await page.getByText("Un cahier par élève").click();
  const without = (await printed(page)).pages.join("\n");
  expect(without.match(/C’est fini\./g)).toHaveLength(26);
  expect(without).toContain("Renard attentif");
  expect(without).not.toContain("Lacombe");
  await page.getByText("Avec le nom, joint par ce navigateur").click();
  const named = await printed(page);
  expect(blank(named.pages)).toEqual([]);
  expect(named.pages.join("\n")).toContain("Lacombe");
  expect(await teacher.sent()).not.toContain("Lacombe");
  await page.getByText("Un cahier par élève").click();
});

test("the adult's script says what to read aloud, question by question", async () => {
  const { page } = teacher;
  await page.getByText("Consignes de l’adulte").click();
  const script = await printed(page);
  const text = script.pages.join("\n");
  expect(blank(script.pages)).toEqual([]);
  expect(text).toContain("Vous avez 30 minutes");
  expect(text).toContain("Faites écouter l’enregistrement deux fois");
  for (let n = 1; n <= 10; n++) expect(text).toMatch(new RegExp(`Question ${n}\\b.*Repère`));
  await page.getByText("Cahier de l’élève").click();
});

test("a sample is keyed again blind, and an adult decides where the two differ", async () => {
  const { page } = teacher;
  const first = page.getByRole("region", { name: "Grille de saisie" });
  for (const n of [1, 2]) await first.getByRole("textbox", { name: `Renard attentif, question ${n}`, exact: true }).fill("1");
  await page.getByRole("textbox", { name: /^Part des copies/ }).fill("10");
  await expect.poll(async () => {
    if (await page.getByText("1 copie tirée au sort").isVisible()) return true;
    await page.getByRole("button", { name: "Tirer au sort" }).click();
    await page.waitForTimeout(300);
    return page.getByText("1 copie tirée au sort").isVisible();
  }).toBe(true);
  const second = page.getByRole("region", { name: "Deuxième saisie" });
  const cell = (n: number) => second.getByRole("textbox", { name: `Renard attentif, question ${n}, deuxième saisie` });
  expect(await cell(1).inputValue(), "the first keying is not shown").toBe("");
  await cell(1).fill("1");
  await cell(2).fill("0");
  await page.getByText("Accord : 1 sur 2 cases").waitFor();
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    await accessibleInBoth(page, `paper at ${size.width} px`);
  }
  await page.setViewportSize(wide);
  await page.getByRole("button", { name: "Décider 0 : Renard attentif, question 2" }).click();
  await page.getByRole("table", { name: "Cases saisies autrement" }).getByText("0").last().waitFor();
  await expect.poll(() => page.getByRole("button", { name: /^Décider/ }).count()).toBe(0);
  await page.getByText("Accord : 1 sur 2 cases").waitFor();
  await accessible(page, "a decision on paper");
});

test("a pupil reads aloud for a minute on a phone; the network is lost meanwhile, and nothing tapped is", async () => {
  const { page } = teacher;
  await page.getByRole("tab", { name: "À voix haute" }).click();
  await page.getByRole("button", { name: "Faire lire Renard attentif" }).waitFor();
  const text = await printed(page);
  expect(text.pages).toHaveLength(1);
  expect(text.pages[0]).toContain("cent quarante marches");
  await page.setViewportSize(narrow);
  await accessibleInBoth(page, "who reads aloud at 360 px");
  await page.clock.install();
  await page.getByRole("button", { name: "Faire lire Renard attentif" }).click();
  await accessible(page, "before the minute");
  await page.getByRole("button", { name: "Démarrer la minute" }).click();
  await teacher.context.setOffline(true);
  for (const n of [3, 9]) await page.getByRole("button", { name: new RegExp(`^${n}[^\\d]`) }).click();
  await page.clock.runFor(30_000);
  await page.getByText(/gardés? dans ce navigateur/).waitFor();
  await accessibleInBoth(page, "a reading without network at 360 px");
  await page.clock.runFor(31_000);
  await page.getByText("Lu en 60 secondes").waitFor();
  await page.getByRole("button", { name: /^80[^\d]/ }).click();
  await accessibleInBoth(page, "after the minute at 360 px");
  await teacher.context.setOffline(false);
  await page.getByRole("button", { name: "Enregistrer la lecture" }).click();
  await page.clock.runFor(20_000);
  await page.getByText("78 mots corrects par minute (78 en 60 s)").waitFor();

  // Read again: the earlier one is kept, the text ends before the minute.
  await page.getByRole("button", { name: "Recommencer la lecture de Renard attentif" }).click();
  await page.getByRole("button", { name: "Démarrer la minute" }).click();
  await page.clock.runFor(30_000);
  await page.getByRole("button", { name: "Le texte est fini" }).click();
  await page.getByRole("button", { name: "Enregistrer la lecture" }).click();
  await page.clock.runFor(5_000);
  await page.getByText("1 autre lecture gardée").waitFor();
  await page.getByRole("button", { name: "État de Loutre rêveuse" }).click();
  await page.getByRole("menuitem", { name: "À rattraper" }).click();
  await page.clock.runFor(1_000);
  await page.getByRole("row", { name: /Loutre rêveuse/ }).getByText("À rattraper").waitFor();
  await page.setViewportSize(wide);
  await accessibleInBoth(page, "who reads aloud at 1280 px");
});
