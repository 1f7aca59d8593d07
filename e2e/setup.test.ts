import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, launchChromium, narrow } from "./browser.ts";
import { printed } from "./printed.ts";
import { Server } from "./server.ts";

const password = "un préau sous les platanes";
const email = "dominique@ecole.example";

let server: Server;
let browser: Browser;
let link: string;

beforeAll(async () => {
  server = await Server.empty();
  link = await server.setupLink();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A security key plugged into one person's browser. What it gives says whether a finger is on it. */
async function plugKey(person: Person): Promise<(touched: boolean) => Promise<void>> {
  const cdp = await person.context.newCDPSession(person.page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return async (touched) => {
    await cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled: touched });
  };
}

async function signInByPassword(person: Person, address: string, secret: string): Promise<void> {
  await person.page.goto(`${server.origin}/connexion`);
  await person.page.getByRole("textbox", { name: "Adresse électronique" }).fill(address);
  await person.page.getByLabel("Mot de passe", { exact: true }).fill(secret);
  await person.page.getByRole("button", { name: "Se connecter" }).click();
}

test("an empty installation becomes a school through its pages, and its link serves once", async () => {
  const head = await Person.arrive(browser, server.origin);
  await head.page.goto(link);
  await head.page.getByRole("heading", { name: "L’établissement" }).waitFor();
  expect(new URL(head.page.url()).hash, "the token left the address bar").toBe("");
  await accessible(head.page, "set-up, first step");
  await head.page.setViewportSize(narrow);
  await accessible(head.page, "set-up, first step at 360 px");

  await head.page.getByRole("textbox", { name: "Nom de l’établissement" }).fill("École des Tilleuls");
  await head.page.getByRole("radio", { name: "École", exact: true }).check({ force: true });
  await head.page.getByText("c’est la ou le DASEN qui répond des données").waitFor();
  await head.page.getByRole("textbox", { name: "Numéro UAI" }).fill("12");
  await head.page.getByRole("textbox", { name: "Responsable de traitement", exact: true }).fill("Camille Arnaud");
  expect(await head.page.getByRole("textbox", { name: "Fonction" }).inputValue()).toContain("DASEN");
  await head.page.getByRole("textbox", { name: "Pour joindre le responsable" }).fill("dasen@academie.example");
  await head.page.getByRole("button", { name: "Continuer" }).click();

  await head.page.getByRole("heading", { name: "Votre compte" }).waitFor();
  await accessible(head.page, "set-up, second step at 360 px");
  await head.page.getByRole("textbox", { name: "Votre prénom et votre nom" }).fill("Dominique Leroy");
  await head.page.getByRole("textbox", { name: "Adresse électronique" }).fill(email);
  await head.page.getByLabel("Mot de passe", { exact: true }).fill("court");
  await head.page.getByRole("button", { name: "Créer l’établissement" }).click();
  // What is wrong on the first step is shown there, whatever is also wrong here.
  await head.page.getByRole("textbox", { name: "Numéro UAI" }).waitFor();
  expect(await head.page.getByRole("textbox", { name: "Numéro UAI" }).getAttribute("aria-invalid")).toBe("true");
  await accessible(head.page, "set-up, refused");
  await head.page.getByRole("textbox", { name: "Numéro UAI" }).fill("0751234a");
  await head.page.getByRole("button", { name: "Continuer" }).click();
  await head.page.getByRole("button", { name: "Créer l’établissement" }).click();
  await expect.poll(() => head.page.getByLabel("Mot de passe", { exact: true }).getAttribute("aria-invalid")).toBe("true");
  await accessible(head.page, "set-up, password refused");
  await head.page.getByLabel("Mot de passe", { exact: true }).fill(password);
  await head.page.getByRole("button", { name: "Créer l’établissement" }).click();
  await head.page.waitForURL("**/aujourdhui");
  await head.page.setViewportSize({ width: 1280, height: 800 });
  await head.page.getByRole("heading", { level: 1, name: "Aujourd’hui" }).waitFor();
  await head.page.getByText("École des Tilleuls").first().waitFor();
  await head.page.getByText("Ouvrir une année").waitFor();
  await accessible(head.page, "the first day");

  const late = await Person.arrive(browser, server.origin);
  await late.page.goto(link);
  await late.page.getByRole("alert").waitFor();
  await accessible(late.page, "a set-up link that has served");
  expect(await late.page.getByRole("textbox").count(), "fields behind a used link").toBe(0);
  await late.leave();
  await head.leave();
});

test("the first administrator prints recovery codes, adds a passkey and signs in with it", async () => {
  const head = await Person.arrive(browser, server.origin);
  const touch = await plugKey(head);
  await signInByPassword(head, email, password);
  await head.page.waitForURL("**/aujourdhui");
  await head.page.getByRole("link", { name: "Préparer des codes" }).click();
  await head.page.getByRole("button", { name: "Créer dix codes" }).click();
  await head.page.getByRole("alertdialog").getByRole("button", { name: "Créer dix codes" }).click();
  const sheet = head.page.getByRole("dialog", { name: "Codes de secours de Dominique Leroy" });
  await sheet.waitFor();
  await accessible(head.page, "the recovery codes");
  const codes = await sheet.getByRole("listitem").allInnerTexts();
  expect(new Set(codes).size).toBe(10);
  const paper = await printed(head.page);
  expect(paper.pages).toHaveLength(1);
  for (const code of codes) expect(paper.pages[0]).toContain(code);
  expect(paper.pages[0], "what is not for paper").not.toMatch(/Fermer|Aujourd’hui|Mes appareils/);
  await sheet.getByRole("button", { name: "Fermer, je les ai gardés" }).click();
  await head.page.getByText("Il vous en reste 10").waitFor();

  await head.page.getByRole("button", { name: "Ajouter une clé d’accès" }).click();
  await head.page.getByRole("textbox", { name: "Nom de cette clé" }).fill("Ordinateur du bureau");
  await accessible(head.page, "adding a passkey");
  await head.page.getByRole("button", { name: "Créer la clé" }).click();
  await head.page.getByText("Créée le").waitFor();
  // The sign-in page also offers the passkey quietly, and a touched key would answer at once.
  await touch(false);
  await head.page.getByRole("main").getByRole("button", { name: "Se déconnecter" }).click();
  await head.page.getByRole("heading", { level: 1, name: "Espace du personnel" }).waitFor();
  await accessible(head.page, "signing in");
  expect(await head.page.evaluate(() => sessionStorage.length), "kept for whoever signs in next").toBe(0);
  await touch(true);
  await head.page.getByRole("button", { name: "Utiliser une clé d’accès" }).click();
  await head.page.waitForURL("**/aujourdhui");
  await head.page.goto(`${server.origin}/compte`);
  await head.page.getByText("Utilisée le").waitFor();

  const elsewhere = await Person.arrive(browser, server.origin, { userAgent: "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0" });
  await elsewhere.page.goto(`${server.origin}/connexion`);
  await elsewhere.page.getByRole("button", { name: "Utiliser un code de secours" }).click();
  await accessible(elsewhere.page, "signing in by a recovery code");
  const byCode = async () => {
    await elsewhere.page.getByRole("textbox", { name: "Adresse électronique" }).fill(email);
    await elsewhere.page.getByRole("textbox", { name: "Code de secours" }).fill(codes[0] ?? "");
    await elsewhere.page.getByRole("button", { name: "Se connecter" }).click();
  };
  await byCode();
  await elsewhere.page.waitForURL("**/aujourdhui");

  // The first browser ends the second's session; the second learns it at the next thing it asks.
  await head.page.reload();
  await head.page.getByText("Il vous en reste 9").waitFor();
  await head.page.getByRole("button", { name: "Déconnecter : Firefox, Android" }).click();
  await head.page.getByText("Appareil déconnecté").first().waitFor();
  await accessible(head.page, "the account, one device ended");
  await elsewhere.page.reload();
  await elsewhere.page.waitForURL("**/connexion");
  await elsewhere.page.getByRole("button", { name: "Utiliser un code de secours" }).click();
  await byCode();
  await elsewhere.page.getByRole("alert").first().waitFor();
  expect(new URL(elsewhere.page.url()).pathname, "a code that has served").toBe("/connexion");
  await elsewhere.leave();
  await head.leave();
});

test("a colleague accepts an invitation in another browser, and its link serves once", async () => {
  const head = await Person.arrive(browser, server.origin);
  await signInByPassword(head, email, password);
  await head.page.waitForURL("**/aujourdhui");
  await head.page.goto(`${server.origin}/etablissement/personnel`);
  await head.page.getByRole("button", { name: "Inviter" }).click();
  await accessible(head.page, "inviting");
  await head.page.getByRole("button", { name: /Rôle/ }).click();
  await head.page.getByRole("option", { name: "secrétariat" }).click();
  await head.page.getByRole("button", { name: "Créer l’invitation" }).click();
  const made = head.page.getByRole("dialog", { name: "Invitation prête" });
  const invitation = await made.getByRole("status", { name: "Lien d’invitation" }).innerText();
  await accessible(head.page, "an invitation that is ready");
  await made.getByRole("button", { name: "Terminer" }).click();
  await head.page.getByText("Invitations en attente").waitFor();

  const colleague = await Person.arrive(browser, server.origin, { viewport: narrow });
  await colleague.page.goto(invitation);
  await colleague.page.getByText("Dominique Leroy vous invite : secrétariat, École des Tilleuls.").waitFor();
  expect(new URL(colleague.page.url()).hash, "the token left the address bar").toBe("");
  await accessible(colleague.page, "the invitation at 360 px");
  await colleague.page.getByRole("textbox", { name: "Votre prénom et votre nom" }).fill("Sacha Petit");
  await colleague.page.getByRole("textbox", { name: "Adresse électronique" }).fill("sacha@ecole.example");
  await colleague.page.getByLabel("Mot de passe", { exact: true }).fill("la cloche sonne à midi");
  await colleague.page.getByRole("button", { name: "Créer mon compte et accepter" }).click();
  await colleague.page.waitForURL("**/aujourdhui");
  await colleague.page.getByRole("heading", { level: 1, name: "Aujourd’hui" }).waitFor();
  await accessible(colleague.page, "the colleague's first day at 360 px");

  const second = await Person.arrive(browser, server.origin);
  await second.page.goto(invitation);
  await second.page.getByRole("alert").first().waitFor();
  expect(await second.page.getByRole("textbox").count(), "fields behind a used invitation").toBe(0);
  await accessible(second.page, "an invitation that has served");
  await second.leave();

  await head.page.reload();
  await head.page.getByText("sacha@ecole.example").waitFor();
  expect(await head.page.getByText("Invitations en attente").count()).toBe(0);
  await colleague.leave();
  await head.leave();
});
