import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, accessibleInBoth, launchChromium, narrow, wide } from "./browser.ts";
import { signIn, unlock } from "./gestures.ts";
import { enter } from "./lesson.ts";
import { type Access, Server } from "./server.ts";

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
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const room = () => `${server.origin}/evaluations/${access.campaign}/${access.group}`;

/** The number of the question shown, and how many there are. */
async function at(page: Page): Promise<[number, number]> {
  const words = await page.getByRole("heading", { level: 1 }).innerText();
  const [, number, count] = /(\d+) sur (\d+)/.exec(words) ?? [];
  return [Number(number), Number(count)];
}

/** Answers the question shown, whatever its kind, by the keyboard alone. */
async function answer(page: Page): Promise<string> {
  const question = page.locator(".question");
  const kinds = {
    choice: question.locator("input[type=radio], input[type=checkbox]"), select: question.locator("select"), text: question.locator("input.question-text"), slider: question.locator("input[type=range]"),
    order: question.locator(".question-order"), spot: question.locator(".question-spot"), hottext: question.locator(".question-hottext"),
  };
  if ((await kinds.order.count()) > 0) {
    await question.getByRole("button", { name: /^Descendre/ }).first().focus();
    await page.keyboard.press("Enter");
    return "order";
  }
  if ((await kinds.choice.count()) > 0) {
    await kinds.choice.first().focus();
    await page.keyboard.press("Space");
    return "choice";
  }
  if ((await kinds.slider.count()) > 0) {
    await kinds.slider.focus();
    await page.keyboard.press("ArrowRight");
    return "slider";
  }
  if ((await kinds.select.count()) > 0) {
    for (const select of await kinds.select.all()) {
      await select.focus();
      await page.keyboard.press("ArrowDown");
    }
    return "select";
  }
  if ((await kinds.text.count()) > 0) {
    await kinds.text.first().focus();
    await page.keyboard.type("12");
    return "text";
  }
  const pressed = (await kinds.spot.count()) > 0 ? "spot" : "hottext";
  await kinds[pressed].first().focus();
  await page.keyboard.press("Enter");
  return pressed;
}

/** Leaves the door, as on a shared device. */
async function leave(pupil: Person): Promise<void> {
  await pupil.page.goto(`${server.origin}/eleve`);
  await pupil.page.getByRole("button", { name: "Partir" }).click();
  await pupil.page.getByRole("textbox").waitFor();
  await pupil.leave();
}

const saved = (page: Page) => page.getByText("Tout est enregistré.").waitFor();

test("a pupil waits for the invigilator, trains, and answers every question by the keyboard, at 360 px", async () => {
  const pupil = await Person.arrive(browser, server.origin, { viewport: narrow });
  const { page } = pupil;
  await enter(pupil, access.seatLink);
  await teacher.page.goto(room());
  await teacher.page.getByText("Les élèves entrent avec leur fiche").waitFor();
  await accessibleInBoth(teacher.page, "a room before it is open");
  await teacher.page.getByRole("button", { name: "Ouvrir la séquence" }).click();
  await teacher.page.getByText("« Français » est ouverte.").waitFor();
  await page.getByRole("link", { name: /^Aller à l’évaluation/ }).first().click({ timeout: 30_000 });
  await page.getByRole("heading", { name: "Pour t’entraîner" }).waitFor();
  await page.getByRole("radio", { name: "Le soleil" }).check();
  await page.getByRole("button", { name: "J’ai compris" }).click();
  await accessibleInBoth(page, "before a sitting at 360 px");
  await page.getByRole("button", { name: "Commencer" }).click();
  await page.getByRole("heading", { level: 1, name: "Question 1 sur 10" }).waitFor();

  const kinds = new Set<string>();
  for (;;) {
    const [number, count] = await at(page);
    kinds.add(await answer(page));
    await accessible(page, `question ${number} of ${count} at 360 px`);
    if (number === count) break;
    await page.getByRole("button", { name: "Suite" }).click();
    await page.getByRole("heading", { level: 1, name: `Question ${number + 1} sur ${count}` }).waitFor();
  }
  expect(kinds.size, "kinds of question").toBeGreaterThanOrEqual(5);
  await saved(page);
  await page.getByRole("button", { name: /toutes les questions$/ }).click();
  await page.getByRole("navigation", { name: "Toutes les questions" }).getByRole("button", { name: /Question 1 sur 10, répondue/ }).waitFor();
  await accessible(page, "the questions of a stage at 360 px");
  await page.getByRole("button", { name: "Affichage" }).click();
  await page.getByText("Contraste fort").click();
  await accessible(page, "the choices of display at 360 px");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Rendre" }).click();
  await page.getByRole("alertdialog").getByText("Tu as répondu à toutes les questions").waitFor();
  await accessible(page, "handing a stage in at 360 px");
  await page.getByRole("alertdialog").getByRole("button", { name: "Rendre" }).click();
  await page.getByRole("heading", { level: 1, name: "Question 1 sur 6" }).waitFor();
  for (let i = 1; i < 6; i++) await page.getByRole("button", { name: "Suite" }).click();
  await page.getByRole("button", { name: "Rendre" }).click();
  await page.getByRole("alertdialog").getByText("6 questions n’ont pas de réponse").waitFor();
  await page.getByRole("alertdialog").getByRole("button", { name: "Rendre" }).click();
  await page.getByRole("heading", { name: "C’est fini" }).waitFor();
  await accessible(page, "the end of a sitting at 360 px");
  const left = await page.evaluate(async () => ({ caches: await caches.keys(), workers: (await navigator.serviceWorker.getRegistrations()).length }));
  expect(left, "what a finished sitting leaves in the browser").toEqual({ caches: [], workers: 0 });

  const sent = await pupil.received();
  for (const telling of ["qti-correct-response", "correctResponse", "mapped-value", "fr-lire", "RESPONSE", "normal-maximum"]) expect(sent.includes(telling), `${telling} reached the browser`).toBe(false);
  await leave(pupil);
});

test("the network is lost and comes back: what was answered is kept, and sent by itself", async () => {
  const pupil = await Person.arrive(browser, server.origin);
  const { page } = pupil;
  await enter(pupil, access.secondSeatLink);
  await page.getByRole("link", { name: /^Aller à l’évaluation/ }).first().click({ timeout: 30_000 });
  await page.getByRole("button", { name: "Commencer" }).click();
  await page.getByRole("heading", { level: 1, name: "Question 1 sur 10" }).waitFor();
  await expect.poll(() => page.evaluate(async () => (await caches.match("/eleve/evaluation"))?.status), { timeout: 30_000 }).toBe(200);
  await pupil.context.setOffline(true);
  await answer(page);
  await page.getByText(/^Pas de réseau depuis/).waitFor();
  await accessible(page, "a sitting without network");
  await page.getByRole("button", { name: "Suite" }).click();
  await answer(page);
  await page.getByText(/2 réponses sont gardées ici/).waitFor();
  // The page is reloaded, and then opened anew in its tab, with no network: it shows the stage with what was answered.
  await page.reload();
  await page.getByRole("button", { name: /^2 sur 10.: toutes/ }).waitFor();
  await page.getByText(/2 réponses sont gardées ici/).waitFor();
  await accessible(page, "a sitting opened again without network");
  const here = page.url();
  await page.goto("about:blank");
  await page.goto(here);
  await page.getByRole("button", { name: /^2 sur 10.: toutes/ }).waitFor();
  for (let i = 1; i < 3; i++) await page.getByRole("button", { name: "Suite" }).click();
  await answer(page);
  await page.getByText(/3 réponses sont gardées ici/).waitFor();
  await pupil.context.setOffline(false);
  await saved(page);
  await page.reload();
  await page.getByRole("button", { name: /^3 sur 10.: toutes/ }).waitFor();
  await leave(pupil);
});

test("the server is killed in the middle, and nothing acknowledged is lost", async () => {
  const pupil = await Person.arrive(browser, server.origin);
  const { page } = pupil;
  await enter(pupil, access.secondSeatLink);
  const other = page.getByRole("link", { name: /^Continuer/ }).first();
  await other.click({ timeout: 30_000 });
  await page.getByRole("heading", { name: "Attends un petit moment" }).waitFor();
  await accessible(page, "a further device that asks");
  await teacher.page.goto(room());
  await teacher.page.getByText("Demande à continuer sur un autre appareil").waitFor();
  await accessible(teacher.page, "a room where a device asks");
  await teacher.page.getByRole("button", { name: /^Laisser continuer.: Renard attentif/ }).click();
  await page.getByRole("button", { name: /^3 sur 10.: toutes/ }).waitFor({ timeout: 30_000 });
  for (let i = 1; i < 4; i++) await page.getByRole("button", { name: "Suite" }).click();
  await answer(page);
  await saved(page);
  await server.kill();
  await page.getByRole("button", { name: "Suite" }).click();
  await answer(page);
  await page.getByText(/^Pas de réseau depuis/).waitFor();
  await page.reload();
  await page.getByText(/1 réponse est gardée ici/).waitFor();
  await server.restart();
  await saved(page);
  await page.getByRole("button", { name: /^5 sur 10.: toutes/ }).waitFor();
  const pages = await page.evaluate(async () => ({ caches: await caches.keys(), workers: (await navigator.serviceWorker.getRegistrations()).length }));
  expect(pages).toEqual({ caches: ["preau-sitting-page"], workers: 1 });
  await leave(pupil);
});

test("the teacher reads the results, drawn, with names, and a sheet for the family", async () => {
  const { page } = teacher;
  await unlock(page, access.phrase);
  await page.goto(`${room()}?sequence=1`);
  await page.getByRole("button", { name: "Ouvrir la séquence" }).click();
  const pupil = await Person.arrive(browser, server.origin);
  await enter(pupil, access.seatLink);
  await pupil.page.getByRole("link", { name: /^Aller à l’évaluation : Math/ }).click({ timeout: 30_000 });
  await pupil.page.getByRole("button", { name: "Commencer" }).click();
  for (const count of [10, 6]) {
    await pupil.page.getByRole("heading", { level: 1, name: `Question 1 sur ${count}` }).waitFor();
    for (let i = 1; i < count; i++) {
      await answer(pupil.page);
      await pupil.page.getByRole("button", { name: "Suite" }).click();
    }
    await pupil.page.getByRole("button", { name: "Rendre" }).click();
    await pupil.page.getByRole("alertdialog").getByRole("button", { name: "Rendre" }).click();
  }
  await pupil.page.getByRole("heading", { name: "C’est fini" }).waitFor();
  await leave(pupil);
  await page.goto(`${room()}?vue=resultats`);
  await page.getByRole("heading", { name: "Par compétence" }).waitFor();
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    await accessibleInBoth(page, `results at ${size.width} px`);
  }
  await page.setViewportSize(wide);
  await page.getByRole("button", { name: /^Fiche de/ }).first().click();
  await page.getByText("Elle ne donne ni note ni classement").waitFor();
  await accessible(page, "the sheet of a pupil");
  await page.keyboard.press("Escape");
  await page.goto(`${room()}?vue=papier`);
  const cell = page.getByRole("textbox", { name: /, question 1$/ }).last();
  await cell.fill("1");
  await page.reload();
  await expect.poll(() => page.getByRole("textbox", { name: /, question 1$/ }).last().inputValue()).toBe("1");
  await accessible(page, "the grid for paper");
  await page.goto(`${server.origin}/evaluations`);
  await page.getByRole("link", { name: "Évaluation d’entrée en sixième" }).waitFor();
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    await accessibleInBoth(page, `campaigns at ${size.width} px`);
  }
  await page.getByRole("link", { name: "Évaluation d’entrée en sixième" }).click();
  await page.getByRole("heading", { name: "Ce que les familles doivent savoir" }).waitFor();
  await accessibleInBoth(page, "a campaign at 360 px");
  await page.goto(`${server.origin}/evaluations/banque`);
  await page.getByRole("button", { name: /^Regarder/ }).click();
  await page.getByRole("button", { name: "Reconnaître une figure" }).click();
  await page.getByRole("button", { name: "A", exact: true }).waitFor();
  await accessible(page, "a question of the bank at 360 px");
  await teacher.leave();
});
