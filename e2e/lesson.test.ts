import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, accessibleInBoth, launchChromium, narrow } from "./browser.ts";
import { enter, goIn, hears, hearsNothing, openLesson, pupilRoom, sees, slipsOf, staffRoom } from "./lesson.ts";
import { type Access, Server } from "./server.ts";
import { signIn } from "./gestures.ts";

let server: Server;
let browser: Browser;
let access: Access;
let teacher: Person;
/** Three pupils of the demonstration group; the last on a phone. */
let pupils: Person[];
let lesson: string;
let slips: string[];

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  teacher = await Person.arrive(browser, server.origin);
  await signIn(teacher, access.staffLink);
  lesson = await openLesson(teacher.page, access);
  slips = await slipsOf(browser, server, access, 3);
  pupils = await Promise.all([0, 1, 2].map((i) => Person.arrive(browser, server.origin, i === 2 ? { viewport: narrow } : {})));
  for (const [i, pupil] of pupils.entries()) await enter(pupil, slips[i] ?? "");
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const tool = (page: Page, name: string | RegExp) => page.getByRole("group", { name: "Outils de la séance" }).getByRole("button", { name });

test("a pupil waits for an adult, alone, then the teacher is seen and heard by each of three", async () => {
  const [first, second, third] = pupils as [Person, Person, Person];
  await first.page.getByRole("link", { name: "Aller en séance : Fractions" }).click();
  await first.page.getByRole("button", { name: "Entrer dans la séance" }).waitFor();
  await accessibleInBoth(first.page, "before a lesson");
  await goIn(first.page);
  await first.page.getByRole("heading", { name: "Un adulte va arriver" }).waitFor();
  await accessibleInBoth(first.page, "a lesson without an adult");

  await staffRoom(teacher.page, server, access, lesson, { microphone: true, camera: true });
  await pupilRoom(second.page, server, access, lesson);
  await pupilRoom(third.page, server, access, lesson);
  for (const pupil of pupils) {
    await sees(pupil.page, "Camille Martin");
    await hears(pupil.page);
  }
  await accessibleInBoth(teacher.page, "the teacher's room");
  await accessibleInBoth(first.page, "a pupil's room");
  await accessibleInBoth(third.page, "a pupil's room at 360 px");
});

test("a hand is raised, answered and lowered; a message is read, and another reported", async () => {
  const [first, second, third] = pupils as [Person, Person, Person];
  await tool(second.page, "Lever la main").click();
  await tool(second.page, /Baisser la main, place 1/).waitFor();
  await tool(third.page, "Lever la main").click();
  await tool(third.page, /Baisser la main, place 2/).waitFor();
  await tool(teacher.page, /Mains levées/).click();
  await teacher.page.getByRole("complementary", { name: "Mains levées" }).getByRole("listitem").nth(1).waitFor();
  await accessibleInBoth(teacher.page, "the queue of hands");
  await teacher.page.getByRole("button", { name: "Baisser toutes les mains" }).click();
  await tool(second.page, "Lever la main").waitFor();

  await tool(first.page, "Discussion").click();
  await first.page.getByRole("textbox", { name: "Ton message" }).fill("La moitié d’un quart ?");
  await first.page.keyboard.press("Enter");
  await tool(second.page, /Discussion/).click();
  await second.page.getByText("La moitié d’un quart ?").waitFor();
  await accessibleInBoth(second.page, "the chat");
  await second.page.getByRole("button", { name: /Signaler le message/ }).click();
  await second.page.getByRole("dialog").getByText("3018").waitFor();
  await accessibleInBoth(second.page, "a report");
  await second.page.getByRole("button", { name: "Envoyer aux adultes" }).click();
  await second.page.getByText("Seuls les adultes de la séance le savent").waitFor();
  await second.page.getByRole("dialog").getByRole("button", { name: "Fermer" }).last().click();
  await teacher.page.getByText("1 signalement").first().waitFor();
  await teacher.page.getByRole("button", { name: "Lire" }).click();
  await teacher.page.getByRole("complementary", { name: "Signalements" }).getByText("La moitié d’un quart ?").waitFor();
  await accessibleInBoth(teacher.page, "the reports");
  expect(await first.page.getByText("signalement").count()).toBe(0);
});

test("a camera shown to adults alone reaches no other pupil", async () => {
  const [first, second] = pupils as [Person, Person, Person];
  const name = await nameOn(first.page);
  await tool(first.page, "Plus").click();
  await first.page.getByRole("menuitem", { name: "Montrer ma caméra aux adultes seulement" }).click();
  await tool(first.page, "Allumer ma caméra").click();
  await sees(teacher.page, name);
  // The other pupil has had the time that the teacher took, and has received nothing of it.
  expect(await second.page.getByLabel(`Caméra de ${name}`, { exact: true }).count()).toBe(0);
  await tool(first.page, "Plus").click();
  await first.page.getByRole("menuitem", { name: "Montrer ma caméra à tout le monde" }).click();
  await sees(second.page, name);
  await tool(first.page, "Éteindre ma caméra").click();
});

test("a microphone that is muted stays silent, and its owner alone opens it", async () => {
  const [first, second] = pupils as [Person, Person, Person];
  await tool(teacher.page, "Couper mon micro").click();
  await tool(first.page, "Ouvrir mon micro").click();
  await hears(second.page);
  await tool(teacher.page, "Silence : couper les micros").click();
  await tool(first.page, "Ouvrir mon micro").waitFor();
  await hearsNothing(second.page);
  await tool(first.page, "Ouvrir mon micro").click();
  await hears(second.page);
  await tool(first.page, "Couper mon micro").click();
});

test("when the teacher drops, pupils are alone within ten seconds; what was comes back", async () => {
  const [first, second] = pupils as [Person, Person, Person];
  await tool(first.page, "Ouvrir mon micro").click();
  await hears(second.page);
  await teacher.page.goto("about:blank");
  await second.page.getByRole("heading", { name: "Un adulte va arriver" }).waitFor({ timeout: 20_000 });
  await hearsNothing(second.page);
  await staffRoom(teacher.page, server, access, lesson, { microphone: true, camera: true });
  await sees(second.page, "Camille Martin");
  // What was reported before is there for who comes back.
  await teacher.page.getByText("1 signalement").first().waitFor();
  // The pupil's own microphone is open again, as it was.
  await tool(first.page, "Couper mon micro").waitFor();
  await tool(teacher.page, "Couper mon micro").click();
  await hears(second.page);
  await tool(first.page, "Couper mon micro").click();
  await tool(teacher.page, "Ouvrir mon micro").click();
});

test("a server that is killed is back, and so is everybody, with what was said", async () => {
  const [first] = pupils as [Person, Person, Person];
  await server.killAndRestart();
  const ready = Date.now();
  await first.page.getByText("La connexion est interrompue").waitFor({ state: "detached", timeout: 30_000 });
  await first.page.getByRole("textbox", { name: "Ton message" }).fill("Je suis revenu");
  await first.page.keyboard.press("Enter");
  await first.page.getByRole("log").getByText("Je suis revenu").waitFor({ timeout: 30_000 });
  console.log(`back and writing ${Date.now() - ready} ms after the server was ready`);
  await expect.poll(() => first.page.getByRole("log").getByText("La moitié d’un quart ?").count()).toBe(1);
  await Promise.all(pupils.map(async ({ page }) => {
    await sees(page, "Camille Martin");
    await hears(page);
  }));
  console.log(`seen and heard by all ${Date.now() - ready} ms after`);
});

test("a network that is cut comes back with its media", async () => {
  const [, , third] = pupils as [Person, Person, Person];
  const network = await third.context.newCDPSession(third.page);
  await network.send("Network.enable");
  const cut = (offline: boolean) => network.send("Network.emulateNetworkConditions", { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1, packetLoss: offline ? 100 : 0 });
  await cut(true);
  await third.page.getByText("La connexion est interrompue").waitFor({ timeout: 30_000 });
  await accessible(third.page, "a lesson without network");
  const back = Date.now();
  await cut(false);
  await third.page.getByText("La connexion est interrompue").waitFor({ state: "detached", timeout: 30_000 });
  await sees(third.page, "Camille Martin");
  await hears(third.page);
  console.log(`media again ${Date.now() - back} ms after the network`);
});

test("one who is put out can come back; one who is banned cannot, from any browser", async () => {
  const [, second, third] = pupils as [Person, Person, Person];
  const name = await nameOn(third.page);
  await actOn(teacher.page, name, "Faire sortir");
  await third.page.getByRole("heading", { name: "Hors de la séance" }).waitFor();
  await accessible(third.page, "a pupil who was put out");
  await third.page.getByRole("button", { name: "Revenir dans la séance" }).click();
  await goIn(third.page);
  await sees(third.page, "Camille Martin");

  // What the engine gave before the ban, to try after.
  const before = third.sockets.filter((url) => url.includes("/rtc")).at(-1) ?? "";
  expect(before).toContain("access_token=");
  await actOn(teacher.page, name, "Bloquer l’accès");
  await third.page.getByRole("heading", { name: "L’accès est bloqué" }).waitFor();
  await accessible(third.page, "a pupil who was banned");
  const again = await third.page.evaluate((url) => new Promise((done) => {
    const socket = new WebSocket(url);
    socket.onmessage = () => done("in");
    socket.onclose = () => done("out");
  }), before);
  expect(again, "the media token of before the ban").toBe("out");

  const [, , slip] = await slipsOf(browser, server, access, 3);
  const other = await Person.arrive(browser, server.origin);
  await third.page.goto(`${server.origin}/eleve`);
  await third.page.getByRole("button", { name: "Partir" }).click();
  await third.context.clearCookies();
  await enter(other, slip ?? "");
  await other.page.goto(`${server.origin}/eleve/seance/${access.school}/${lesson}`);
  await other.page.getByRole("button", { name: "Entrer dans la séance" }).click();
  await other.page.getByRole("heading", { name: "L’entrée n’est pas possible" }).waitFor();
  await sees(second.page, "Camille Martin");
  await other.leave();
});

test("guests knock, wait, and are let in or refused", async () => {
  const link = await teacher.page.evaluate(async ({ school, lesson }) => {
    const answer = await fetch(`/api/v1/schools/${school}/lessons/${lesson}/guests`, { method: "POST" });
    return ((await answer.json()) as { link: string }).link;
  }, { school: access.school, lesson });
  const guests = await Promise.all([0, 1].map(() => Person.arrive(browser, server.origin)));
  for (const [i, guest] of guests.entries()) {
    await guest.page.goto(`${server.origin}/invite#${link}`);
    await guest.page.getByRole("textbox", { name: "Qui êtes-vous ?" }).fill(i === 0 ? "Mme Dupont, mère d’élève" : "Un inconnu");
    expect(new URL(guest.page.url()).hash).toBe("");
    if (i === 0) await accessible(guest.page, "a guest's door");
    await guest.page.getByRole("button", { name: "Demander à entrer" }).click();
    await guest.page.getByText("votre demande est arrivée").waitFor();
  }
  const [mother, stranger] = guests as [Person, Person];
  await accessible(mother.page, "a guest who waits");
  await teacher.page.getByRole("heading", { name: "2 personnes attendent à la porte" }).waitFor();
  await accessible(teacher.page, "the lobby");
  await teacher.page.getByRole("button", { name: "Faire entrer Mme Dupont, mère d’élève" }).click();
  await teacher.page.getByRole("button", { name: "Refuser Un inconnu" }).click();
  await stranger.page.getByText("La réponse a été non").waitFor();
  await goIn(mother.page);
  await sees(mother.page, "Camille Martin");
  for (const guest of guests) await guest.leave();
});

test("a pupil asks to come in on another device, and is answered from the lesson", async () => {
  const other = await Person.arrive(browser, server.origin);
  await other.page.goto(slips[0] ?? "");
  await other.page.getByRole("button", { name: "Entrer" }).click();
  await other.page.getByRole("heading", { name: "Attends un petit moment" }).waitFor();
  await teacher.page.getByText(/demande à entrer sur un autre appareil/).waitFor({ timeout: 30_000 });
  await accessible(teacher.page, "a lesson where a device asks to come in");
  await teacher.page.getByRole("button", { name: /^Refuser / }).click();
  await teacher.page.getByText(/demande à entrer sur un autre appareil/).waitFor({ state: "detached" });
  await other.leave();
});

test("the end is for everyone; attendance stays, and its file names pupils by pseudonym alone", async () => {
  const [first] = pupils as [Person, Person, Person];
  await teacher.page.getByRole("button", { name: "Quitter" }).click();
  await accessible(teacher.page, "leaving a lesson");
  await teacher.page.getByRole("button", { name: "Terminer la séance pour tout le monde" }).click();
  await first.page.getByRole("heading", { name: "La séance est finie" }).waitFor();
  await accessible(first.page, "a lesson that is over");
  await teacher.page.getByRole("heading", { name: "La séance est finie" }).waitFor();
  await accessible(teacher.page, "a lesson that the teacher has ended");
  await teacher.page.getByRole("link", { name: "Présences et page de la séance" }).click();
  await teacher.page.getByRole("heading", { name: "Présences" }).waitFor();
  await teacher.page.getByText("Les messages s’effacent dans").waitFor();
  expect(await teacher.page.getByRole("cell", { name: "Absence" }).count(), "pupils who did not come").toBeGreaterThan(10);
  await accessible(teacher.page, "a lesson's page");
  const saved = teacher.page.waitForEvent("download");
  await teacher.page.getByRole("button", { name: "Télécharger le tableau" }).click();
  expect((await saved).suggestedFilename()).toMatch(/^presences \d{4}-\d{2}-\d{2} Fractions\.csv$/);
  for (const person of [teacher, ...pupils]) await person.leave();
});

/** How a pupil's own tile names them. */
async function nameOn(page: Page): Promise<string> {
  const own = await page.locator(".tile-text", { hasText: "(moi)" }).first().innerText();
  return own.replace(" (moi)", "");
}

/** Does something to somebody from the list of people, and confirms. */
async function actOn(page: Page, name: string, act: string): Promise<void> {
  const list = page.getByRole("complementary", { name: "Personnes" });
  if ((await list.count()) === 0) await tool(page, /^Personnes/).click();
  await page.getByRole("button", { name: `Agir pour ${name}` }).click();
  await page.getByRole("menuitem", { name: act, exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: act }).click();
}
