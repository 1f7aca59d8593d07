import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, accessibleInBoth, launchChromium, narrow, wide } from "./browser.ts";
import { ask, rail, signIn } from "./gestures.ts";
import { enter } from "./lesson.ts";
import { strToU8, zipSync } from "../web/node_modules/fflate/esm/index.mjs";
import { type Access, Server, run } from "./server.ts";

// A campaign that comes as a file: each test goes on where the one before stopped.
let server: Server;
let browser: Browser;
let access: Access;
let head: Person;
let folder: string;

const at = (name: string) => join(folder, name);
const publisher = "Service des évaluations";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "preau-campaign-"));
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  head = await Person.arrive(browser, server.origin);
  await signIn(head, access.headLink);
  writeFileSync(at("test.zip"), riverTest());
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A test of one question, whose key is the first choice. */
function riverTest(): Uint8Array {
  const item = `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="fleuve" title="Un fleuve" xml:lang="fr" adaptive="false" time-dependent="false"><qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>LABONNE</qti-value></qti-correct-response></qti-response-declaration><qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/><qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="1"><qti-prompt>Quel fleuve passe à Nantes ?</qti-prompt><qti-simple-choice identifier="LABONNE">La Loire</qti-simple-choice><qti-simple-choice identifier="AUTRE">Le Rhône</qti-simple-choice></qti-choice-interaction></qti-item-body><qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/></qti-assessment-item>`;
  const whole = `<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="fleuves" title="Fleuves"><qti-test-part identifier="fleuves-1" navigation-mode="nonlinear" submission-mode="individual"><qti-assessment-section identifier="s" title="Les fleuves" visible="true"><qti-assessment-item-ref identifier="fleuve" href="fleuve.xml" category="fleuves"/></qti-assessment-section></qti-test-part></qti-assessment-test>`;
  const manifest = `<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m"><organizations/><resources><resource identifier="t" type="imsqti_test_xmlv3p0" href="test.xml"><file href="test.xml"/></resource><resource identifier="i" type="imsqti_item_xmlv3p0" href="fleuve.xml"><file href="fleuve.xml"/></resource></resources></manifest>`;
  return zipSync({ "imsmanifest.xml": strToU8(manifest), "test.xml": strToU8(whole), "fleuve.xml": strToU8(item) });
}

/** Packs a campaign under a publisher's key. */
async function pack(key: string, out: string, more: object = {}): Promise<void> {
  const now = Date.now();
  const draft = {
    publisher, title: "Les fleuves de France", description: "Une question de géographie, à l’entrée en sixième.",
    opensAt: new Date(now - 3_600_000).toISOString(), closesAt: new Date(now + 20 * 86_400_000).toISOString(),
    controller: "La rectrice de l’académie, rue des Platanes", basis: "Mission d’intérêt public (RGPD, article 6.1.e) : service public de l’enseignement",
    notice: "Votre enfant répond à une question de géographie.\nLes réponses restent dans l’établissement, liées à une place sans nom.", keptDays: 365, objection: "Écrivez à la direction de l’établissement.", upward: "nothing", ...more,
  };
  writeFileSync(at(`${out}.json`), JSON.stringify(draft));
  await run("campaign", "pack", at(`${out}.json`), at("test.zip"), "--key", at(key), "--out", at(out));
}

/** Chooses a file by the button, which also takes the same one twice. */
async function choose(page: Page, name: string): Promise<void> {
  const asked = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choisir un fichier" }).click();
  await (await asked).setFiles(at(name));
}

/** Looks at a page wide and narrow, in the light and in the dark. */
async function looked(page: Page, where: string): Promise<void> {
  for (const size of [narrow, wide]) {
    await page.setViewportSize(size);
    await accessibleInBoth(page, `${where} at ${size.width} px`);
  }
}

test("a file says who publishes it and what it declares, and is accepted once its fingerprint was compared", async () => {
  const { page } = head;
  const printed = await run("campaign", "keygen", "--out", at("publisher.key"), "--json");
  const fingerprint = /"fingerprint":"([0-9A-F ]{39})"/.exec(printed)![1]!;
  await pack("publisher.key", "fleuves.preau");
  const clear = readFileSync(at("fleuves.preau")).toString("latin1");
  for (const telling of ["LABONNE", "correct", "fleuve.xml"]) expect(clear, "what is in clear").not.toContain(telling);

  await rail(page, "Évaluations");
  await page.getByRole("link", { name: "Campagnes en fichier" }).click();
  await page.getByText("Aucune campagne n’est venue en fichier.").waitFor();
  await looked(page, "campaign files, none");
  writeFileSync(at("cut.preau"), readFileSync(at("fleuves.preau")).subarray(0, 900));
  await choose(page, "cut.preau");
  await page.getByText("abîmé, coupé ou modifié").waitFor();
  await choose(page, "fleuves.preau");
  await page.getByRole("heading", { level: 1, name: "Les fleuves de France" }).waitFor();
  expect((await page.locator(".fingerprint").innerText()).replaceAll(/\s+/g, " ").trim()).toBe(fingerprint);
  for (const said of [publisher, "La rectrice de l’académie", "article 6.1.e", "question de géographie", "365 jours après la fermeture", "Écrivez à la direction", "Rien : ni réponse, ni score, ni statistique."]) {
    await page.getByText(said).first().waitFor();
  }
  await page.getByRole("button", { name: "Voir les questions" }).click();
  await page.getByText("Quel fleuve passe à Nantes").waitFor();
  expect(await head.received(), "what the page was given").not.toContain("LABONNE");
  await looked(page, "a campaign file to be accepted");

  await page.getByRole("button", { name: "Accepter la campagne" }).click();
  await page.locator(".field-error").first().waitFor();
  await accessible(page, "a fingerprint that was not compared");
  await page.getByText("J’ai comparé l’empreinte").click();
  await page.getByRole("button", { name: "Accepter la campagne" }).click();
  await page.getByRole("heading", { name: "Ouvrir la campagne" }).waitFor();
  await page.getByText("Signée par la clé que votre établissement a acceptée").waitFor();
});

test("nothing begins before the opening, and only its own opening opens it", async () => {
  const { page } = head;
  const id = page.url().split("/").pop()!;
  const early = await ask(page, "PUT", `/schools/${access.school}/campaigns/${id}/groups/${access.group}/rooms/0`, { open: true });
  expect(early.status).toBe(409);
  expect(early.body.detail).toContain("attend le code d’ouverture");
  const bank = await ask(page, "GET", `/schools/${access.school}/tests`);
  expect((bank.body.items as { title: string }[]).map((t) => t.title)).not.toContain("Fleuves");

  await pack("publisher.key", "other.preau", { title: "Les montagnes" });
  await run("campaign", "open", at("other.preau.secret"), "--key", at("publisher.key"), "--out", at("other.txt"));
  await page.getByRole("textbox", { name: /^Code d’ouverture/ }).fill(readFileSync(at("other.txt"), "utf8"));
  await page.getByText("6e B", { exact: true }).click();
  await page.getByRole("button", { name: "Ouvrir la campagne" }).click();
  await page.getByText("Ce code ouvre une autre campagne que").first().waitFor();
  await looked(page, "an opening of another campaign");
  await page.getByRole("textbox", { name: /^Code d’ouverture/ }).fill("preau-opening-1.AAAA");
  await page.getByRole("button", { name: "Ouvrir la campagne" }).click();
  await page.getByText("Ce n’est pas un code d’ouverture").first().waitFor();

  // The list of campaigns says that one waits.
  await rail(page, "Évaluations");
  await page.getByRole("link", { name: /Les fleuves de France.*Attend le code d’ouverture/ }).waitFor();
  await looked(page, "campaigns with one that waits");
  await page.getByRole("link", { name: /Les fleuves de France/ }).click();
});

test("once open, it is a campaign like any other: listed, given, sat", async () => {
  const { page } = head;
  await run("campaign", "open", at("fleuves.preau.secret"), "--key", at("publisher.key"), "--out", at("opening.txt"));
  await page.getByRole("heading", { name: "Ouvrir la campagne" }).waitFor();
  await choose(page, "opening.txt");
  await expect.poll(() => page.getByRole("textbox", { name: /^Code d’ouverture/ }).inputValue()).toContain("preau-opening-1.");
  await page.getByText("6e B", { exact: true }).click();
  await page.getByRole("button", { name: "Ouvrir la campagne" }).click();
  await page.getByRole("link", { name: "Voir qui la publie" }).waitFor();
  const id = page.url().split("/").pop()!;
  await looked(page, "a campaign that came as a file");
  await page.getByRole("link", { name: "Voir qui la publie" }).click();
  await page.getByText("La campagne est ouverte : elle se donne comme les autres.").waitFor();
  await looked(page, "a campaign file that is open");
  await rail(page, "Évaluations");
  await page.getByRole("link", { name: "Les fleuves de France", exact: true }).waitFor();

  const opened = await ask(page, "PUT", `/schools/${access.school}/campaigns/${id}/groups/${access.group}/rooms/0`, { open: true });
  expect(opened.status).toBe(204);
  const pupil = await Person.arrive(browser, server.origin, { viewport: narrow });
  await enter(pupil, access.seatLink);
  await pupil.page.getByRole("link", { name: /^Aller à l’évaluation : Les fleuves/ }).click({ timeout: 30_000 });
  await pupil.page.getByRole("button", { name: "Commencer" }).click();
  await pupil.page.getByText("La Loire").click();
  await pupil.page.getByRole("button", { name: /toutes/ }).waitFor();
  await pupil.page.getByRole("button", { name: "Rendre" }).click();
  await pupil.page.getByRole("alertdialog").getByRole("button", { name: "Rendre" }).click();
  await pupil.page.getByRole("heading", { name: "C’est fini" }).waitFor();
  expect(await pupil.received(), "what the pupil's browser was given").not.toContain("LABONNE");
  await pupil.context.close();
  const results = await ask(page, "GET", `/schools/${access.school}/campaigns/${id}/groups/${access.group}/results`);
  expect((results.body.seats as { total: { score: number } }[]).filter((s) => s.total.score === 1)).toHaveLength(1);
});

test("a school that keeps for longer than families were promised cannot accept", async () => {
  const { page } = head;
  await pack("publisher.key", "short.preau", { title: "Les lacs", keptDays: 90 });
  await page.getByRole("link", { name: "Campagnes en fichier" }).click();
  await choose(page, "short.preau");
  await page.getByText("90 jours après la fermeture ; votre établissement garde jusqu’à 365 jours").waitFor();
  expect(await page.getByRole("button", { name: "Accepter la campagne" }).count()).toBe(0);
  await looked(page, "a promise that the school does not keep");
  await page.getByRole("link", { name: "Campagnes en fichier" }).click();
});

test("another key under the same name is refused, until the head withdraws the former one", async () => {
  const { page } = head;
  await run("campaign", "keygen", "--out", at("new.key"));
  await pack("new.key", "new.preau", { title: "Les montagnes", publisher: publisher.toUpperCase() });
  await page.getByRole("heading", { name: "Éditeurs et leurs clés" }).waitFor();
  await choose(page, "new.preau");
  await page.getByText("signait jusqu’ici avec une autre clé").waitFor();
  await looked(page, "another key is refused");
  await page.getByRole("button", { name: /^Retirer cette clé/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: /^Raison/ }).fill("Clé perdue, appelé le service au numéro de l’annuaire");
  await looked(page, "withdrawing a key");
  await dialog.getByRole("button", { name: "Retirer cette clé" }).click();
  await page.getByText(/^retirée le/).waitFor();
  await choose(page, "new.preau");
  await page.getByText("Une clé de cet éditeur a été retirée").waitFor();
  await looked(page, "a new key after a withdrawn one");
  await page.getByRole("button", { name: "Retirer le fichier" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Retirer le fichier" }).click();
  await page.getByRole("heading", { level: 1, name: "Campagnes en fichier" }).waitFor();
  await head.leave();
});
