import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { strToU8, zipSync } from "../web/node_modules/fflate/esm/index.mjs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, accessibleInBoth, launchChromium, narrow, wide } from "./browser.ts";
import { signIn } from "./gestures.ts";
import { enter } from "./lesson.ts";
import { type Access, Server } from "./server.ts";

let server: Server;
let browser: Browser;
let access: Access;
let head: Person;
let campaign: string;

/** The test of turns: an adaptive question, a picture to place, a sum drawn by lot. */
function turnsTest(): Uint8Array {
  const folder = resolve(import.meta.dirname, "../internal/assessment/testdata/turns");
  const files = Object.fromEntries(readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
  const resources = Object.keys(files).filter((name) => name.endsWith(".xml")).map((name) => `<resource identifier="${name.replace(".xml", "")}" type="${name === "test.xml" ? "imsqti_test_xmlv3p0" : "imsqti_item_xmlv3p0"}" href="${name}"><file href="${name}"/></resource>`);
  return zipSync({ ...files, "imsmanifest.xml": strToU8(`<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m"><organizations/><resources>${resources.join("")}</resources></manifest>`) });
}

/** Asks the API with the page's own session. */
function ask(page: Page, method: string, path: string, body: unknown): Promise<{ id?: string }> {
  return page.evaluate(async ([method, path, body]) => {
    const answer = await fetch(`/api/v1${path}`, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text ? JSON.parse(text) : {};
  }, [method, path, body] as const);
}

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  head = await Person.arrive(browser, server.origin);
  const { page } = head;
  await signIn(head, access.headLink);
  const given = await page.evaluate(async ([school, bytes]) => {
    const answer = await fetch(`/api/v1/schools/${school}/tests`, { method: "POST", headers: { "Content-Type": "application/zip" }, body: new Uint8Array(bytes as number[]) });
    return (await answer.json()) as { package?: { id: string }; findings: unknown[] };
  }, [access.school, [...turnsTest()]] as const);
  if (!given.package) throw new Error(JSON.stringify(given.findings));
  const now = Date.now();
  const policy = { sequences: [], calculator: false, askEach: false, showResults: true, upward: "nothing", controller: "x", basis: "x", notice: "x", objection: "x" };
  const made = await ask(page, "POST", `/schools/${access.school}/campaigns`, { packageId: given.package.id, title: "Tours et places", opensAt: now - 60_000, closesAt: now + 86_400_000, groups: [access.group], policy });
  campaign = made.id ?? "";
  await ask(page, "PUT", `/schools/${access.school}/campaigns/${campaign}/groups/${access.group}/rooms/0`, { open: true });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Checks the page from its end, where the bar stands below what is asked and covers none of it. */
async function looked(page: Page, where: string, both = false): Promise<void> {
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await (both ? accessibleInBoth : accessible)(page, where);
}

const saved = (page: Page) => page.getByText("Tout est enregistré.").waitFor();

/** Moves the focus to something by Tab alone, and presses a key on it. */
async function reach(page: Page, name: RegExp, key = "Enter"): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const e = document.activeElement;
      const labels = (e as HTMLInputElement | null)?.labels;
      return e?.getAttribute("aria-label") ?? [e?.textContent, ...[...(labels ?? [])].map((l) => l.textContent)].filter(Boolean).join(" ");
    });
    if (name.test(here.replaceAll(/\s+/g, " "))) return page.keyboard.press(key);
  }
  throw new Error(`Tab does not lead to ${name}`);
}

async function begin(pupil: Person, link: string): Promise<Page> {
  const { page } = pupil;
  await enter(pupil, link);
  await page.getByRole("link", { name: /^Aller à l’évaluation : Tours/ }).click({ timeout: 30_000 });
  await page.getByRole("button", { name: "Commencer" }).click();
  await page.getByRole("heading", { level: 1, name: "Question 1 sur 4" }).waitFor();
  return page;
}

test("an adaptive question and a picture to place, by the keyboard alone at 360 px, the network lost between two turns", async () => {
  const pupil = await Person.arrive(browser, server.origin, { viewport: narrow });
  const page = await begin(pupil, access.seatLink);
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  await page.getByRole("heading", { level: 2, name: "Tour 1" }).waitFor();
  await looked(page, "the first turn at 360 px", true);

  // A wrong choice: what the author says of it stands above, and the reading begins there.
  await page.getByRole("radio", { name: "sept" }).focus();
  await page.keyboard.press("Space");
  await reach(page, /^Valider ma réponse/);
  await page.getByRole("heading", { level: 2, name: "Tour 2" }).waitFor();
  await page.getByText("Pas encore").waitFor();
  expect(await focused(), "where the reading goes on").toBe("Tour 2");
  expect(await page.getByRole("radio", { name: "sept" }).isChecked(), "a turn leaves the choice where it was").toBe(true);
  await looked(page, "after a wrong turn at 360 px", true);

  // Help, asked by a button of the question itself.
  await reach(page, /^Voir un indice/);
  await page.getByText("deux parts égales").waitFor();
  expect(await page.getByRole("button", { name: "Voir un indice" }).count()).toBe(0);

  // The network goes: the turn waits here, also through a reload, and other questions can be done.
  await expect.poll(() => page.evaluate(async () => (await caches.match("/eleve/evaluation"))?.status), { timeout: 30_000 }).toBe(200);
  await pupil.context.setOffline(true);
  await page.getByRole("radio", { name: "huit" }).focus();
  await page.keyboard.press("Space");
  await reach(page, /^Valider ma réponse/);
  await page.getByText("Ta réponse est gardée ici et partira toute seule").waitFor();
  await looked(page, "a turn that waits for the network at 360 px");
  await page.reload();
  await page.getByText("Ta réponse est gardée ici et partira toute seule").waitFor({ timeout: 30_000 });
  expect(await page.getByRole("radio", { name: "huit" }).isChecked()).toBe(true);
  await reach(page, /^Suite/);
  await page.getByRole("heading", { level: 1, name: "Question 2 sur 4" }).waitFor();

  // A picture is put, moved by the arrows, then by its numbers.
  await reach(page, /^Poser : La barque/);
  await reach(page, /^La barque : 150, 100/, "ArrowRight");
  for (const key of ["ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowDown"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "La barque : 168, 105" }).waitFor();
  await looked(page, "a picture on its stage at 360 px, without network");
  await page.getByRole("spinbutton", { name: /^Depuis la gauche/ }).focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("210");
  await page.getByRole("button", { name: "La barque : 210, 105" }).waitFor();
  await pupil.context.setOffline(false);
  await saved(page);
  await looked(page, "a picture on its stage at 360 px", true);

  // The turn has left by itself, and the question goes on.
  await reach(page, /^Avant/);
  await page.getByText("Oui. Et son double est").waitFor({ timeout: 30_000 });
  await page.getByRole("textbox").focus();
  await page.keyboard.type("16");
  await reach(page, /^Valider ma réponse/);
  await page.getByRole("heading", { level: 2, name: "Cette question est terminée" }).waitFor();
  await page.getByText("dont le double est seize").waitFor();
  expect(await page.getByRole("button", { name: "Valider ma réponse" }).count()).toBe(0);
  await looked(page, "a question that is over at 360 px", true);
  await page.reload();
  await page.getByRole("button", { name: /^2 sur 4.: toutes/ }).waitFor();

  for (let i = 2; i <= 3; i++) await page.getByRole("button", { name: "Suite" }).click();
  const sum = /(\d+) \+ (\d+)/.exec(await page.locator(".question").innerText());
  await page.getByRole("textbox").fill(String(Number(sum?.[1]) + Number(sum?.[2])));
  await page.getByRole("button", { name: "Suite" }).click();
  await page.getByRole("textbox", { name: /^Si tu ne peux pas dessiner/ }).focus();
  await page.keyboard.type("Un chemin droit vers l’eau");
  await looked(page, "a drawing said in words at 360 px", true);
  await saved(page);
  await page.getByRole("button", { name: "Rendre" }).click();
  await page.getByRole("alertdialog").getByText("Tu as répondu à toutes les questions").waitFor();
  await page.getByRole("alertdialog").getByRole("button", { name: "Rendre" }).click();
  await page.getByRole("heading", { name: "C’est fini" }).waitFor();
  const left = await page.evaluate(async () => ({ caches: await caches.keys(), workers: (await navigator.serviceWorker.getRegistrations()).length }));
  expect(left, "what a finished sitting leaves in the browser").toEqual({ caches: [], workers: 0 });
  const sent = await pupil.received();
  for (const telling of ["nombre-huit", "correct", "NOMBRE", "ESSAIS", "200 120", "200,120,80", "normal-maximum"]) expect(sent.includes(telling), `${telling} reached the browser`).toBe(false);
  await pupil.leave();

  const results = await head.page.evaluate(async ([school, campaign, group]) => {
    const answer = await fetch(`/api/v1/schools/${school}/campaigns/${campaign}/groups/${group}/results`);
    return ((await answer.json()) as { seats: { finished: boolean; questions: Record<string, { score: number }> }[] }).seats.filter((s) => s.finished);
  }, [access.school, campaign, access.group] as const);
  expect(results.map((r) => Object.fromEntries(Object.entries(r.questions).map(([key, one]) => [key, one.score])))).toEqual([{ deviner: 2, placer: 1, calculer: 1, dessiner: 0 }]);
});

test("a picture is dragged onto its stage and off it again, and lines are drawn; an adult marks them; the server is killed between two turns", async () => {
  const pupil = await Person.arrive(browser, server.origin, { viewport: wide, hasTouch: true });
  const page = await begin(pupil, access.secondSeatLink);
  await page.getByRole("button", { name: "Suite" }).click();
  const stage = await page.locator(".question-map").boundingBox();
  const tray = await page.locator(".question-tray-piece").boundingBox();
  if (!stage || !tray) throw new Error("no stage");
  const drag = async (from: { x: number; y: number }, to: { x: number; y: number }) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
  };
  // The first time with a finger.
  const touch = await pupil.context.newCDPSession(page);
  const finger = (type: "touchStart" | "touchMove" | "touchEnd", at?: { x: number; y: number }) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [at] : [] });
  await finger("touchStart", { x: tray.x + tray.width / 2, y: tray.y + tray.height / 2 });
  for (const [x, y] of [[100, 120], [80, 80], [60, 50]] as const) await finger("touchMove", { x: stage.x + x, y: stage.y + y });
  await finger("touchEnd");
  await page.getByRole("button", { name: "La barque : 60, 50" }).waitFor();
  await drag({ x: stage.x + 65, y: stage.y + 52 }, { x: stage.x + 205, y: stage.y + 122 });
  await page.getByRole("button", { name: "La barque : 200, 120" }).waitFor();
  await looked(page, "a picture on its stage", true);
  await drag({ x: stage.x + 200, y: stage.y + 120 }, { x: stage.x - 80, y: stage.y + 120 });
  await page.getByRole("button", { name: /^Poser/ }).waitFor();
  expect(await page.getByRole("button", { name: /^La barque/ }).count()).toBe(0);

  for (let i = 2; i < 4; i++) await page.getByRole("button", { name: "Suite" }).click();
  const sheet = page.getByRole("img", { name: /^Ton dessin : 0 trait/ });
  const at = await sheet.boundingBox();
  if (!at) throw new Error("no sheet");
  await drag({ x: at.x + 60, y: at.y + 75 }, { x: at.x + 180, y: at.y + 110 });
  await page.getByRole("button", { name: "Rouge" }).click();
  await page.getByRole("button", { name: "Trait épais" }).click();
  await drag({ x: at.x + 20, y: at.y + 20 }, { x: at.x + 200, y: at.y + 180 });
  await drag({ x: at.x + 200, y: at.y + 20 }, { x: at.x + 20, y: at.y + 180 });
  await page.getByRole("button", { name: "Effacer le dernier trait" }).click();
  await page.getByRole("img", { name: /^Ton dessin : 2 traits/ }).waitFor();
  await looked(page, "a drawing", true);
  await saved(page);

  // A turn is taken; the server dies before the next, which waits and leaves by itself.
  for (let i = 4; i > 1; i--) await page.getByRole("button", { name: "Avant" }).click();
  await page.getByRole("button", { name: "Voir un indice" }).click();
  await page.getByRole("heading", { level: 2, name: "Tour 2" }).waitFor();
  await server.kill();
  await page.getByRole("radio", { name: "huit" }).check();
  await page.getByRole("button", { name: "Valider ma réponse" }).click();
  await page.getByText("Ta réponse est gardée ici et partira toute seule").waitFor();
  await server.restart();
  await page.getByRole("heading", { level: 2, name: "Tour 3" }).waitFor({ timeout: 30_000 });
  await page.getByText("Oui. Et son double est").waitFor();
  await page.reload();
  await page.getByRole("button", { name: /^2 sur 4.: toutes/ }).waitFor();
  for (let i = 1; i < 4; i++) await page.getByRole("button", { name: "Suite" }).click();
  await page.getByRole("img", { name: /^Ton dessin : 2 traits/ }).waitFor();
  await pupil.leave();

  const adult = head.page;
  await ask(adult, "PUT", `/schools/${access.school}/campaigns/${campaign}/rubrics/dessiner`, { twice: false, criteria: [{ name: "Chemin", levels: [{ text: "Absent", points: 0 }, { text: "Tracé", points: 2 }] }] });
  await adult.goto(`${server.origin}/evaluations/${campaign}/${access.group}?vue=longues`);
  await adult.getByRole("button", { name: /^Corriger/ }).first().waitFor();
  for (const [pupil, shows] of [["Loutre rêveuse", "Un chemin droit vers l’eau"], ["Renard attentif", "Dessin de l’élève : 2 traits"]] as const) {
    await adult.getByRole("button", { name: `Corriger ${pupil}` }).click();
    const dialog = adult.getByRole("dialog");
    await dialog.getByText(shows).or(dialog.getByRole("img", { name: shows })).first().waitFor();
    await accessibleInBoth(adult, `what ${pupil} drew`);
    await adult.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  }
  await head.leave();
});
