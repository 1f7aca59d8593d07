import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, accessibleInBoth, launchChromium, narrow, wide } from "./browser.ts";
import { choose, rail, signIn } from "./gestures.ts";
import { enter } from "./lesson.ts";
import { type Access, Server } from "./server.ts";

let server: Server;
let browser: Browser;
let access: Access;
let head: Person;

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  head = await Person.arrive(browser, server.origin);
  await signIn(head, access.headLink);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const at = (path: string) => `${server.origin}${path}`;

/** Chooses the name that readers see, in the dialog that asks for it. */
async function penName(page: Page, name: string): Promise<void> {
  await page.getByRole("dialog").getByRole("textbox", { name: "Nom de plume" }).fill(name);
  await page.getByRole("button", { name: "Prendre ce nom" }).click();
}

/** Begins an article and writes into it. */
async function write(page: Page, title: string, text: string, name?: string): Promise<void> {
  await page.getByRole("button", { name: "Écrire un article" }).click();
  if (name) await penName(page, name);
  await page.getByRole("textbox", { name: "Titre", exact: true }).fill(title);
  await page.getByRole("textbox", { name: "Texte", exact: true }).click();
  await page.keyboard.type(text);
  await page.getByText(/^Enregistré à /).waitFor();
}

test("a head makes the journal; a pupil writes by the keyboard and proposes; the head publishes; a reader adds; a moderator lets it through", async () => {
  const { page } = head;
  await rail(page, "Journal");
  await page.getByText("Le journal n’est pas encore créé").waitFor();
  await accessible(page, "no journal yet");
  await page.getByRole("link", { name: "Créer le journal" }).click();
  await page.getByRole("textbox", { name: "Titre", exact: true }).fill("Le Platane");
  await page.getByRole("textbox", { name: "Adresse" }).fill("le-platane");
  await page.getByText("Ouvert aux lecteurs").click();
  await choose(page, page, "Qui le lit, au plus", "tout le monde");
  await page.getByText("Tout lecteur", { exact: true }).click();
  await page.getByRole("textbox", { name: "Hébergement" }).fill("Ville de Platane, 1 place de la Mairie");
  await accessibleInBoth(page, "settings of a journal");
  await page.getByRole("button", { name: "Créer le journal" }).click();
  await page.getByRole("button", { name: "Enregistrer les réglages" }).waitFor();

  const pupil = await Person.arrive(browser, server.origin, { viewport: narrow });
  await enter(pupil, access.seatLink);
  await pupil.page.getByRole("link", { name: "Écrire" }).click();
  await pupil.page.getByRole("heading", { level: 1, name: "Journal" }).waitFor();
  await accessible(pupil.page, "a pupil with no piece, at 360 px");
  await write(pupil.page, "La cour fleurie", "Les platanes ont perdu leurs feuilles.", "Coquelicot");
  await accessibleInBoth(pupil.page, "the editor at 360 px");

  // The tools are one stop; arrows move inside; what they do is said.
  const p = pupil.page;
  const text = p.getByRole("textbox", { name: "Texte", exact: true });
  await text.focus();
  await p.keyboard.press("Control+End");
  await p.keyboard.press("Enter");
  await p.keyboard.press("Shift+Tab");
  const tools = p.getByRole("toolbar", { name: "Outils du texte" });
  await expect.poll(() => tools.evaluate((bar) => bar.contains(document.activeElement))).toBe(true);
  const focused = () => p.evaluate(() => document.activeElement?.textContent ?? "");
  const passed: string[] = [];
  while ((await focused()) !== "Intertitre" && passed.length < 20) {
    passed.push(await focused());
    await p.keyboard.press("ArrowLeft");
  }
  expect(passed, "the tools passed by the arrow").toEqual(["Refaire", "Annuler", "Ligne", "Image", "Citation", "Liste numérotée", "Liste", "Petit intertitre"]);
  await p.keyboard.press("Enter");
  await expect.poll(() => p.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("textbox");
  await p.keyboard.type("Au jardin");
  await p.keyboard.press("Enter");
  await p.keyboard.press("Control+b");
  await p.keyboard.type("Nous semons");
  await p.keyboard.press("Control+b");
  await p.keyboard.type(" des coquelicots.");
  expect(await text.innerHTML()).toContain("<h2>Au jardin</h2>");
  for (const target of await tools.getByRole("button").all()) {
    const box = await target.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), await target.innerText()).toBeGreaterThanOrEqual(44);
  }
  await choose(p, p, "Qui le lira", "tout le monde");
  await p.getByText(/^Enregistré à /).waitFor();
  await p.getByRole("button", { name: "Proposer" }).click();
  await p.getByText(/attend qu’un adulte le relise/).waitFor();
  await accessible(p, "a proposed piece, for its author at 360 px");

  await page.goto(at("/redaction/relecture"));
  await page.getByRole("link", { name: "La cour fleurie" }).waitFor();
  await accessibleInBoth(page, "the desk");
  await page.getByRole("link", { name: "La cour fleurie" }).click();
  await page.getByRole("heading", { name: "Au jardin" }).waitFor();
  await accessible(page, "a piece to review");
  await page.goto(at("/redaction"));
  await page.getByRole("button", { name: "Écrire un article" }).click();
  await penName(page, "Plume de platane");
  await page.getByRole("heading", { level: 1, name: "Écrire un article" }).waitFor();
  await page.getByRole("button", { name: "Supprimer le brouillon" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Supprimer le brouillon" }).click();
  await page.goto(at("/redaction/relecture"));
  await page.getByRole("link", { name: "La cour fleurie" }).click();
  await page.getByRole("button", { name: "Je m’en occupe" }).click();
  await page.getByText("Relecture par Plume de platane.").waitFor();
  await page.getByRole("button", { name: "Publier", exact: true }).click();
  await page.getByRole("dialog").getByText("La direction de la publication en répond").waitFor();
  await accessible(page, "publishing a piece");
  await page.getByRole("dialog").getByRole("button", { name: "Publier", exact: true }).click();
  await page.getByRole("link", { name: "Lire l’article publié" }).click();
  await page.getByRole("heading", { level: 1, name: "La cour fleurie" }).waitFor();
  const article = page.url();
  expect(await page.content()).toContain("<strong>Nous semons</strong>");

  // A reader with no account and no script.
  const reader = await Person.arrive(browser, server.origin, { javaScriptEnabled: false });
  await reader.page.goto(article);
  await reader.page.getByLabel("Qui êtes-vous").fill("Une voisine");
  await reader.page.getByLabel("Votre message").fill("Les tilleuls de la rue ont aussi perdu leurs feuilles.");
  await reader.page.getByRole("button", { name: "Relire avant d’envoyer" }).click();
  await reader.page.getByRole("button", { name: "Envoyer", exact: true }).click();
  await reader.page.getByText("Votre message est arrivé").first().waitFor();
  await reader.page.goto(article);
  expect(await reader.page.content()).not.toContain("Les tilleuls");

  // One thumb, then a few keys.
  await page.setViewportSize(narrow);
  await page.goto(at("/redaction/complements"));
  const one = page.getByRole("article", { name: /Une voisine/ });
  await one.waitFor();
  await accessibleInBoth(page, "the queue at 360 px");
  await page.setViewportSize(wide);
  await one.focus();
  await page.keyboard.press("r");
  await page.getByRole("textbox", { name: "Réponse du journal" }).fill("Merci, nous irons voir.");
  await accessible(page, "answering a contribution");
  await page.getByRole("dialog").getByRole("button", { name: "Répondre et laisser passer" }).click();
  await page.getByText("Tout est lu").waitFor();
  await reader.page.goto(article);
  await reader.page.getByText("Les tilleuls de la rue").waitFor();
  await reader.page.getByText("Merci, nous irons voir.").waitFor();
  await reader.leave();
  await pupil.leave();
});
