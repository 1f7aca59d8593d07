import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, launchChromium } from "./browser.ts";
import { importPasted, rail, signIn, unlock } from "./gestures.ts";
import { printed } from "./printed.ts";
import { type Access, Server } from "./server.ts";
import { readSquare } from "./slip.ts";

/** Thirty pupils of a class: the first names are of every length, one is longer than a strip. */
const pupils = Array.from({ length: 30 }, (_, i) => ({
  last: i === 7 ? "DE LA ROCHEFOUCAULD-MONTMORENCY" : `MARTIN-${String.fromCharCode(65 + (i % 26))}${i < 26 ? "" : "BIS"}`,
  first: i === 7 ? "Marie-Bérengère Constance" : `Prénom${String(i).padStart(2, "0")}`,
}));

interface PrintedSlip {
  pseudonym: string;
  code: string;
  link: string;
}

let server: Server;
let browser: Browser;
let access: Access;
/** Keeps names open, on the page of the slips. */
let head: Person;
let slips: PrintedSlip[];

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  head = await Person.arrive(browser, server.origin);
  await signIn(head, access.headLink);
  await unlock(head.page, access.phrase);
  await importPasted(head.page, pupils.map((p) => `${p.last} ${p.first}`).join("\n"), "5e C");
  await head.page.getByRole("link", { name: "Imprimer les fiches de 5e C" }).click();
  await head.page.getByRole("button", { name: "Imprimer 30 fiches" }).waitFor();
  slips = await printedSlips(head.page);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Reads the sheets to print as a child would: the code with the eyes, the link with a camera. */
async function printedSlips(page: Page): Promise<PrintedSlip[]> {
  const drawn = await page.locator(".slip").evaluateAll((all) =>
    all.map((slip) => ({
      pseudonym: slip.querySelector(".slip-pseudonym")?.textContent ?? "",
      code: slip.querySelector(".slip-code")?.lastChild?.textContent ?? "",
      size: Number(slip.querySelector(".slip-qr")?.getAttribute("viewBox")?.split(" ")[2]),
      path: slip.querySelector(".slip-qr path")?.getAttribute("d") ?? "",
    })),
  );
  return drawn.map(({ pseudonym, code, size, path }) => ({ pseudonym, code, link: readSquare(size, path) }));
}

/** How often each text stands in another. */
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

test("a class of thirty prints on four pages, eight slips a page, a name on each strip", async () => {
  expect(new Set(slips.map((s) => s.code)).size).toBe(30);
  for (const slip of slips) expect(slip.link, `the square of ${slip.pseudonym}`).toMatch(new RegExp(`^${server.origin}/p#[\\w-]{22}$`));
  const paper = await printed(head.page);
  expect(paper.size).toContain("A4");
  expect(paper.pages.map((p) => count(p, /Ton code/g))).toEqual([8, 8, 8, 6]);
  expect(paper.pages.map((p) => count(p, /place \d+, 5e C/g)), "the strips").toEqual([8, 8, 8, 6]);
  const text = paper.pages.join("\n").replace(/\s+/g, " ");
  for (const slip of slips) {
    expect(text).toContain(slip.code);
  }
  for (const pupil of pupils.filter((p) => p.last.length < 20)) expect(text).toContain(`${pupil.last} ${pupil.first}`);
  for (const part of ["DE LA ROCHEFOUCAULD-", "MONTMORENCY", "Marie-", "Bérengère", "Constance"]) expect(text, "a long name, on two lines").toContain(part);

  await head.page.getByRole("checkbox", { name: "Imprimer les noms" }).uncheck({ force: true });
  const nameless = await printed(head.page);
  expect(nameless.pages).toHaveLength(4);
  expect(nameless.pages.join(), "slips without names").not.toMatch(/MARTIN|Prénom|ROCHEFOUCAULD/);
  await head.page.getByRole("checkbox", { name: "Imprimer les noms" }).check({ force: true });
});

/** Opens the door of the class from the head's page of the group. */
async function openDoor(): Promise<void> {
  await head.page.getByRole("link", { name: "Revenir au groupe" }).click();
  await head.page.getByRole("button", { name: "Ouvrir la porte" }).click();
  await head.page.getByText("Les codes de ce groupe commencent par").waitFor();
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByRole("textbox").fill(code);
  await page.getByRole("button", { name: "Entrer" }).click();
}

async function sayYes(page: Page, slip: PrintedSlip): Promise<void> {
  await page.getByText(slip.pseudonym, { exact: true }).waitFor();
  await page.getByRole("button", { name: "Oui, c’est moi" }).click();
  await page.getByRole("heading", { name: `Bonjour, ${slip.pseudonym}` }).waitFor();
}

async function leave(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Partir" }).click();
  await page.getByRole("heading", { name: "Bonjour, entre ici" }).waitFor();
}

/** All that this browser keeps. The cookie of the door names the browser and the school, and when it was renewed. */
async function kept(person: Person): Promise<object> {
  const cookies = await person.context.cookies();
  const here = await person.page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map((d) => d.name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  return { ...here, cookies: cookies.map((c) => `${c.name} ${c.value.split(".").slice(0, 2).join(" ")}`) };
}

test("thirty seats in turn on one browser leave nothing to the next", async () => {
  await openDoor();
  const shared = await Person.arrive(browser, server.origin);
  let before: object | null = null;
  for (const [i, slip] of slips.entries()) {
    if (i % 2 === 0) {
      await shared.page.goto(server.origin);
      await typeCode(shared.page, slip.code);
    } else {
      await shared.page.goto(slip.link);
      await shared.page.getByRole("button", { name: "Entrer" }).click();
    }
    await sayYes(shared.page, slip);
    await leave(shared.page);
    const now = await kept(shared);
    before ??= now;
    expect(now, `after seat ${i + 1}`).toEqual(before);
    expect(await shared.page.evaluate(() => fetch("/api/v1/door").then((r) => r.json()))).not.toHaveProperty("seat");
    if (i % 10 === 0) {
      for (let back = 0; back < 3; back++) {
        await shared.page.goBack();
        if (!shared.page.url().startsWith(server.origin)) break;
        await shared.page.getByRole("heading", { level: 1 }).waitFor();
        expect(await shared.page.content(), `gone back ${back + 1} after seat ${i + 1}`).not.toContain(slip.pseudonym);
        expect(new URL(shared.page.url()).hash).toBe("");
      }
    }
  }
  expect(before).toEqual({ local: {}, session: {}, databases: [], caches: [], workers: 0, cookies: [expect.stringMatching(/^preau_door \S+ \S+$/)] });
  await shared.leave();
});

test("one who tries wrong codes keeps nobody else out, nor their own browser", async () => {
  const wrong = await Person.arrive(browser, server.origin);
  await wrong.page.goto(server.origin);
  const [first, second] = slips;
  if (!first || !second) throw new Error("no slips");
  const codes = new Set(slips.map((s) => s.code));
  const signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  // Five tries: the fourth and fifth cost a new browser some work.
  let tried = 0;
  for (const sign of signs) {
    if (tried === 5) break;
    const code = first.code.slice(0, -1) + sign;
    if (codes.has(code)) continue;
    tried++;
    await typeCode(wrong.page, code);
    await wrong.page.getByText(`Ce code ne marche pas`).first().waitFor();
    await wrong.page.getByRole("button", { name: "Entrer" }).waitFor();
    await wrong.page.getByRole("textbox").fill("");
  }
  const other = await Person.arrive(browser, server.origin);
  await other.page.goto(server.origin);
  await typeCode(other.page, second.code);
  await sayYes(other.page, second);
  await typeCode(wrong.page, first.code);
  await sayYes(wrong.page, first);
  await leave(other.page);
  await leave(wrong.page);
  await other.leave();
  await wrong.leave();
});

test("a second device asks; staff admit it, and the first is told; another is refused", async () => {
  const slip = slips[3];
  if (!slip) throw new Error("no slips");
  const devices = await Promise.all([0, 1, 2].map(() => Person.arrive(browser, server.origin)));
  const [one, two, three] = devices.map((d) => d.page) as [Page, Page, Page];
  const come = async (page: Page) => {
    await page.goto(slip.link);
    await page.getByRole("button", { name: "Entrer" }).click();
  };
  await come(one);
  await sayYes(one, slip);
  await come(two);
  await two.getByRole("heading", { name: "Attends un petit moment" }).waitFor();
  await rail(head.page, "Aujourd’hui");
  await head.page.getByText("5e C : 1 élève demande à entrer avec un second appareil.").waitFor();
  await accessible(head.page, "today, with a second device");
  await head.page.getByRole("link", { name: "Répondre" }).click();
  await head.page.getByRole("heading", { name: "Un second appareil demande à entrer" }).waitFor();
  await accessible(head.page, "a group with a second device");
  await head.page.getByRole("button", { name: "Accepter", exact: false }).first().click();
  await two.getByRole("button", { name: "Oui, c’est moi" }).waitFor();
  await sayYes(two, slip);
  await head.page.getByRole("heading", { name: "Un second appareil demande à entrer" }).waitFor({ state: "detached" });
  // The first device asks every half minute, and at once when somebody comes back to its page.
  await one.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  await one.getByRole("heading", { name: "Tu n’es pas à l’intérieur" }).waitFor({ timeout: 40_000 });
  await one.getByText("Ta fiche sert maintenant sur un autre appareil.").waitFor();
  await accessible(one, "a device whose seat was taken");

  await come(three);
  await three.getByRole("heading", { name: "Attends un petit moment" }).waitFor();
  await head.page.getByRole("button", { name: /^Refuser / }).click({ timeout: 40_000 });
  await three.getByText("L’adulte a répondu non. Va lui parler.").waitFor();
  await accessible(three, "a device that was refused");
  await two.getByRole("heading", { name: `Bonjour, ${slip.pseudonym}` }).waitFor();
  await leave(two);
  for (const device of devices) await device.leave();
});

test("the register and the recovery sheet print without the screen around them", async () => {
  await rail(head.page, "Données");
  await head.page.getByRole("heading", { name: "Liste des noms, chiffrée" }).waitFor();
  const titles = await head.page.getByRole("heading", { level: 2 }).allInnerTexts();
  expect(titles.length).toBeGreaterThan(4);
  const register = await printed(head.page);
  const text = register.pages.join("\n").replace(/\s+/g, " ");
  for (const title of titles) expect(text).toContain(title.replace(/\s+/g, " "));
  expect(text, "the register").toContain("Dominique Leroy, Chef·fe d’établissement");
  expect(text, "what is not for paper").not.toMatch(/Se déconnecter|Télécharger|Ce que le serveur sait|Voir la page publique/);
  expect(register.pages.filter((p) => p.trim() === ""), "blank pages").toEqual([]);

  const family = await Person.arrive(browser, server.origin);
  await family.page.goto(`${server.origin}/confidentialite?ecole=${access.school}`);
  await family.page.getByRole("heading", { name: "Ce qui est gardé" }).waitFor();
  const notice = (await printed(family.page)).pages.join("\n").replace(/\s+/g, " ");
  expect(notice, "what is folded on screen").toContain("Pseudonyme");
  expect(notice, "what is not for paper").not.toMatch(/English|Entrée des élèves/);
  await family.leave();

  await rail(head.page, "Noms");
  await head.page.getByRole("button", { name: "Renouveler la clé" }).click();
  await head.page.getByRole("alertdialog").getByRole("button", { name: "Renouveler la clé" }).click();
  await head.page.getByRole("heading", { level: 1, name: "La feuille de secours" }).waitFor();
  await accessible(head.page, "the recovery sheet");
  const sheet = await printed(head.page);
  expect(sheet.size).toContain("A4");
  expect(sheet.pages).toHaveLength(1);
  const words = await head.page.getByRole("main").getByRole("list", { name: "L’empreinte de la clé de l’établissement" }).getByRole("listitem").allInnerTexts();
  expect(words).toHaveLength(6);
  const paper = (sheet.pages[0] ?? "").replace(/\s+/g, " ");
  expect(paper).toMatch(/Feuille de secours des noms.*AGE-SECRET-KEY-1( [0-9A-Z]{1,6}){10}/);
  for (const word of words) expect(paper).toContain(word.replace(/\s+/g, " ").trim());
  expect(paper, "what is not for paper").not.toMatch(/Terminer|Imprimer|rangée en lieu sûr/);
  const square = await head.page.locator(".recovery-print .recovery-qr").evaluate((svg) => ({ size: Number(svg.getAttribute("viewBox")?.split(" ")[2]), path: svg.querySelector("path")?.getAttribute("d") ?? "" }));
  const key = readSquare(square.size, square.path);
  expect(key).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/);
  expect(paper.replaceAll(" ", "")).toContain(key);
});
