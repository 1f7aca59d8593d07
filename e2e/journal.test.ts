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
  server = await Server.withoutJournal();
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
  await editorAccessible(pupil.page, "the editor at 360 px", accessibleInBoth);

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
  expect(passed, "the tools passed by the arrow").toEqual(["Refaire", "Annuler", "Ligne", "Formule", "Son ou film", "Image", "Citation", "Liste numérotée", "Liste", "Petit intertitre"]);
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
  await leave(pupil);
});

/** Looks at the editor where its bar stands in its own place: above it, what it half covers while one scrolls is no target. */
async function editorAccessible(page: Page, where: string, look = accessible): Promise<void> {
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await look(page, where);
}

/** Leaves the door, as on a shared device. */
async function leave(pupil: Person, page = pupil.page): Promise<void> {
  await page.goto(at("/eleve"));
  await page.getByRole("button", { name: "Partir" }).click();
  await page.getByRole("textbox").waitFor();
  await pupil.leave();
}

/** A red square of a picture, made by the page itself. */
const picture = (page: Page) =>
  page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 320;
    canvas.height = 200;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.fillStyle = "#a33a22";
    context.fillRect(0, 0, 320, 200);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  });

test("what is written survives a crash and a lost network; a picture needs its words; a refusal is read and answered; a change is compared", async () => {
  const pupil = await Person.arrive(browser, server.origin);
  let { page } = pupil;
  await enter(pupil, access.secondSeatLink);
  await page.getByRole("link", { name: "Écrire" }).click();
  await write(page, "Le potager", "Nous avons planté des fèves.", "Merle moqueur");
  const address = page.url();

  // A picture without a description is not put.
  await page.getByRole("toolbar").getByRole("button", { name: "Image" }).click();
  const dialog = page.getByRole("dialog");
  await accessible(page, "choosing a picture");
  const png = Buffer.from(await picture(page), "base64");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), dialog.getByRole("button", { name: "Choisir un fichier" }).click()]);
  await chooser.setFiles({ name: "rouge.png", mimeType: "image/png", buffer: png });
  await dialog.getByRole("button", { name: "Mettre cette image" }).click();
  await dialog.getByText(/Ce que montre l’image.*/).first().waitFor();
  expect(await page.locator(".prose img").count()).toBe(0);
  await dialog.getByRole("textbox", { name: "Ce que montre l’image" }).fill("Un carré de terre rouge");
  await dialog.getByRole("textbox", { name: "Qui a fait l’image" }).fill("Merle moqueur");
  await accessible(page, "the words of a picture");
  await dialog.getByRole("button", { name: "Mettre cette image" }).click();
  await page.locator(".prose").getByRole("img", { name: "Un carré de terre rouge" }).waitFor();
  await page.getByText(/^Enregistré à /).waitFor();

  // The tab dies a moment after the last key.
  await page.getByRole("textbox", { name: "Chapeau" }).fill("Le jardin de l’école.");
  await page.waitForTimeout(500);
  const crashed = page;
  page = await pupil.context.newPage();
  await crashed.close();
  await page.goto(address);
  await page.getByText("Ton texte a été repris là où tu t’étais arrêté.").waitFor();
  expect(await page.getByRole("textbox", { name: "Chapeau" }).inputValue()).toBe("Le jardin de l’école.");
  await page.getByText(/^Enregistré à /).waitFor();

  await pupil.context.setOffline(true);
  await page.getByRole("textbox", { name: "Surtitre" }).fill("Au fond de la cour");
  await page.getByText(/le texte est gardé sur cet appareil/).waitFor();
  await editorAccessible(page, "the editor out of reach");
  await pupil.context.setOffline(false);
  await page.getByText(/^Enregistré à /).waitFor({ timeout: 30_000 });
  await page.getByRole("button", { name: "Ajouter une source" }).click();
  await page.getByRole("textbox", { name: "Source 1", exact: true }).fill("Le jardinier");
  await page.getByRole("textbox", { name: "Adresse de la source 1" }).fill("javascript:alert(1)");
  await page.getByText("Cette adresse ne mène à aucune page.").waitFor();
  await page.getByRole("textbox", { name: "Adresse de la source 1" }).fill("jardin.example/feves");
  await page.getByText(/^Enregistré à /).waitFor();
  const [preview] = await Promise.all([pupil.context.waitForEvent("page"), page.getByRole("button", { name: "Aperçu" }).click()]);
  await preview.getByRole("heading", { level: 1, name: "Le potager" }).waitFor();
  expect(await preview.content()).toContain("https://jardin.example/feves");
  await preview.close();
  await page.getByRole("button", { name: "Proposer" }).click();
  await page.getByText(/attend qu’un adulte le relise/).waitFor();

  const desk = head.page;
  await desk.goto(at("/redaction/relecture"));
  await desk.getByRole("link", { name: "Le potager" }).click();
  await desk.getByRole("button", { name: "Refuser" }).click();
  await desk.getByRole("dialog").getByRole("button", { name: "Refuser" }).click();
  await desk.getByRole("dialog").getByText(/Remplissez|à remplir|Motif/).first().waitFor();
  await desk.getByRole("textbox", { name: "Motif" }).fill("Il manque la date des semis.");
  await desk.getByRole("dialog").getByRole("button", { name: "Refuser" }).click();
  await desk.getByText("Refusé", { exact: true }).first().waitFor();

  await page.reload();
  await page.getByText("Il manque la date des semis.").waitFor();
  await page.getByRole("textbox", { name: "Message" }).fill("C’était le 3 novembre.");
  await page.getByRole("button", { name: "Envoyer" }).click();
  await page.getByText("C’était le 3 novembre.", { exact: true }).waitFor();
  await accessible(page, "a refused piece for its author");
  await page.getByRole("link", { name: "Écrire", exact: true }).click();
  await page.getByRole("button", { name: "Proposer" }).click();
  await page.getByText(/attend qu’un adulte le relise/).waitFor();
  await desk.reload();
  await desk.getByRole("button", { name: "Publier", exact: true }).click();
  await desk.getByRole("dialog").getByRole("button", { name: "Publier", exact: true }).click();
  await desk.getByRole("link", { name: "Lire l’article publié" }).waitFor();

  // A change of what is published is reviewed while readers see the former.
  await page.goto(address);
  await page.getByText(/Cet article est publié/).waitFor();
  await page.getByRole("textbox", { name: "Titre", exact: true }).fill("Le grand potager");
  await page.getByText(/^Enregistré à /).waitFor();
  await page.getByRole("button", { name: "Proposer" }).click();
  await page.getByText(/attend qu’un adulte le relise/).waitFor();
  await desk.reload();
  await desk.locator(".diff ins").getByText("grand", { exact: false }).waitFor();
  await accessibleInBoth(desk, "what changes in a published piece");
  await desk.getByRole("button", { name: "Publier", exact: true }).click();
  await desk.getByRole("dialog").getByText("Publier plus tard").click();
  await accessible(desk, "publishing at a date");
  await desk.getByRole("dialog").getByText("Publier plus tard").click();
  await desk.getByRole("dialog").getByRole("button", { name: "Publier", exact: true }).click();
  await desk.getByRole("link", { name: "Lire l’article publié" }).click();
  await desk.getByRole("heading", { level: 1, name: "Le grand potager" }).waitFor();
  await leave(pupil, page);
});

test("a report hides until it is judged; a right of reply is inserted; themes, turns and authorisations are kept", async () => {
  const { page } = head;
  await page.goto(at("/journal/le-platane/articles"));
  await page.getByRole("link", { name: "La cour fleurie" }).first().click();
  const article = page.url();
  const reader = await Person.arrive(browser, server.origin);
  await reader.page.goto(article);
  await reader.page.getByRole("link", { name: "Signaler cet article" }).click();
  await reader.page.getByText("Il montre ou nomme quelqu’un sans son accord").click();
  await reader.page.getByLabel("Expliquez en quelques phrases").fill("Mon enfant est reconnaissable sur cette page sans notre accord.");
  await reader.page.waitForTimeout(4_000); // a form filled at once is not believed
  await reader.page.getByRole("button", { name: "Envoyer le signalement" }).click();
  await reader.page.getByText("Votre signalement est arrivé").first().waitFor();

  await page.goto(at("/redaction/relecture"));
  await page.getByText(/1 signalement cache quelque chose/).waitFor();
  await page.getByRole("link", { name: "Signalements" }).last().click();
  await page.getByText("Ce signalement cache ce qu’il vise").waitFor();
  await accessibleInBoth(page, "reports");
  await page.getByRole("button", { name: "Ne pas donner suite" }).click();
  await page.getByRole("textbox", { name: "Motif" }).fill("Personne n’est montré sur cette page.");
  await page.getByRole("dialog").getByRole("button", { name: "Ne pas donner suite" }).click();
  await page.getByText("Aucun signalement").waitFor();

  await reader.page.goto(article);
  await reader.page.getByRole("link", { name: "Demander un droit de réponse" }).click();
  await reader.page.getByLabel("Votre nom, tel qu’il paraîtra").fill("Camille Tilleul");
  await reader.page.getByLabel("Comment vous joindre").fill("camille@tilleul.example");
  await reader.page.getByLabel("Les passages auxquels vous répondez").fill("Les platanes ont perdu leurs feuilles.");
  await reader.page.getByLabel("Votre réponse").fill("Ce sont des tilleuls.");
  await reader.page.waitForTimeout(3_000);
  await reader.page.getByRole("button", { name: "Envoyer la demande" }).click();
  await reader.page.getByText("Votre demande est arrivée").first().waitFor();
  await page.goto(at("/redaction/reponses"));
  await page.getByText(/Il reste 7[12] heures/).waitFor();
  await page.setViewportSize(narrow);
  await accessible(page, "the right of reply at 360 px");
  await page.setViewportSize(wide);
  await page.getByRole("button", { name: "Insérer la réponse" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Insérer la réponse" }).click();
  await page.getByText("Aucune demande").waitFor();
  await reader.page.goto(article);
  await reader.page.getByText("Ce sont des tilleuls.").waitFor();
  await reader.leave();

  await page.goto(at("/redaction/rubriques"));
  await page.getByRole("button", { name: "Créer un thème" }).click();
  await page.getByRole("textbox", { name: "Nom" }).fill("Nature");
  await page.getByRole("dialog").getByRole("button", { name: "Enregistrer" }).click();
  await page.getByRole("rowheader", { name: "Nature" }).waitFor();
  await page.getByRole("button", { name: "Créer un collectif" }).click();
  await page.getByRole("textbox", { name: "Nom" }).fill("Club jardin");
  await page.getByRole("dialog").getByRole("button", { name: "Enregistrer" }).click();
  await page.getByRole("rowheader", { name: "Club jardin" }).waitFor();
  await accessibleInBoth(page, "themes and collectives");

  await page.goto(at("/redaction/mandats"));
  await page.getByRole("button", { name: "Prévoir un tour" }).click();
  await page.getByRole("combobox", { name: "Personnel" }).fill("Cl");
  await page.getByRole("option").first().click();
  await accessible(page, "planning a turn");
  await page.getByRole("dialog").getByRole("button", { name: "Prévoir un tour" }).click();
  await page.getByRole("cell", { name: "En cours" }).waitFor();
  await accessible(page, "turns");

  await page.goto(at("/redaction/autorisations"));
  await page.getByText("Aucune autorisation enregistrée").waitFor();
  await page.getByRole("button", { name: "Enregistrer une autorisation" }).first().click();
  await page.getByRole("combobox", { name: "Élève" }).click();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("option").first().click();
  await page.getByRole("textbox", { name: "Pour quoi" }).fill("Le reportage au jardin");
  await accessible(page, "recording an authorisation");
  await page.getByRole("dialog").getByRole("button", { name: "Enregistrer une autorisation" }).click();
  await page.getByText("0 image ou article").waitFor();
  await page.getByRole("button", { name: /^Relier/ }).click();
  await choose(page.getByRole("dialog"), page, "Article", "Le grand potager");
  await choose(page.getByRole("dialog"), page, "Image", "Un carré de terre rouge");
  await page.getByRole("dialog").getByRole("button", { name: "Relier" }).click();
  await page.getByText("1 image ou article").waitFor();
  await accessibleInBoth(page, "authorisations");

  // Withdrawn, the picture is gone from the page that readers see.
  await page.goto(at("/journal/le-platane/articles"));
  await page.getByRole("link", { name: "Le grand potager" }).first().click();
  const image = await page.locator("article img, main img").first().getAttribute("src");
  expect((await page.request.get(at(image ?? ""))).status()).toBe(200);
  await page.goto(at("/redaction/autorisations"));
  await page.getByRole("button", { name: /^Retirer l’autorisation/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Retirer l’autorisation" }).click();
  await page.getByText(/^terminée/).waitFor();
  expect((await page.request.get(at(image ?? ""))).status()).toBe(410);
  await page.goto(at("/redaction/decisions"));
  await page.getByText("Signalement non suivi").waitFor();
  await accessible(page, "the log of moderation");
});

test("what is missing takes focus; two who write at once both keep their text; spam goes in bulk, by keyboard", async () => {
  const { page } = head;
  await page.goto(at("/redaction"));
  await page.getByRole("button", { name: "Écrire un article" }).click();
  const headline = page.getByRole("textbox", { name: "Titre", exact: true });
  await headline.waitFor();
  await page.getByRole("button", { name: "Proposer" }).click();
  await expect.poll(() => headline.evaluate((input) => input === document.activeElement && input.getAttribute("aria-invalid"))).toBe("true");
  await editorAccessible(page, "a piece without its headline");
  await headline.fill("La rentrée");
  await page.getByText(/^Enregistré à /).waitFor();

  const other = await head.context.newPage();
  await other.goto(page.url());
  await other.getByRole("textbox", { name: "Titre", exact: true }).fill("La rentrée des classes");
  await other.getByText(/^Enregistré à /).waitFor();
  await headline.fill("La rentrée de septembre");
  await page.getByText("Il y a deux textes").waitFor();
  await editorAccessible(page, "a piece that somebody else changed");
  await page.getByRole("button", { name: "Garder mon texte" }).click();
  await page.getByText(/^Enregistré à /).waitFor();
  await other.reload();
  expect(await other.getByRole("textbox", { name: "Titre", exact: true }).inputValue()).toBe("La rentrée de septembre");
  await other.close();

  await page.goto(at("/journal/le-platane/articles"));
  await page.getByRole("link", { name: "La cour fleurie" }).first().click();
  const article = page.url();
  const reader = await Person.arrive(browser, server.origin, { javaScriptEnabled: false });
  for (const [name, words] of [["Vendeur", "Achetez mes chaussures sans attendre."], ["vendeur", "Mes chaussures sont les meilleures de la ville."], ["Un voisin", "Ce texte ne parle pas de la cour."]] as const) {
    await reader.page.goto(article);
    await reader.page.getByLabel("Qui êtes-vous").fill(name);
    await reader.page.getByLabel("Votre message").fill(words);
    await reader.page.getByRole("button", { name: "Relire avant d’envoyer" }).click();
    await reader.page.getByRole("button", { name: "Envoyer", exact: true }).click();
    await reader.page.getByText("Votre message est arrivé").first().waitFor();
  }
  await page.goto(at("/redaction/complements"));
  const first = page.getByRole("article", { name: /^Complément de Vendeur/i }).first();
  await first.waitFor();
  await first.getByRole("button", { name: /^Semblables/ }).click();
  await page.getByRole("menuitem", { name: "Choisir ceux du même auteur" }).click();
  const bulk = page.getByRole("group", { name: "2 compléments choisis" });
  await bulk.waitFor();
  await accessible(page, "contributions chosen together");
  await bulk.getByRole("button", { name: "Indésirables" }).click();
  await expect.poll(() => page.locator("article.contribution").count()).toBe(1);
  const last = page.getByRole("article", { name: /^Complément de Un voisin/ });
  await expect.poll(() => last.evaluate((it) => it === document.activeElement)).toBe(true);
  await page.keyboard.press("x");
  await page.getByRole("textbox", { name: "Motif" }).fill("Cela ne parle pas de l’article.");
  await page.getByRole("dialog").getByRole("button", { name: "Refuser" }).click();
  await page.getByText("Tout est lu").waitFor();
  await reader.page.reload();
  await reader.page.getByText("Cela ne parle pas de l’article.").waitFor();
  await reader.leave();
  await choose(page, page, "Afficher", "Indésirables");
  await expect.poll(() => page.locator("article.contribution").count()).toBe(2);
});

test("in lycée the pupils' board publishes, and the head suspends with a written reason", async () => {
  const { page } = head;
  await page.goto(at("/etablissement"));
  const changed = await page.evaluate(async (school) => {
    const answer = await fetch(`/api/v1/schools/${school}`, { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ kind: "lycee" }) });
    return `${answer.status} ${await answer.text()}`;
  }, access.school);
  expect(changed).toMatch(/^20/);
  await page.goto(at("/redaction/mandats"));
  await page.getByText(/sans autorisation ni contrôle préalable/).waitFor();
  await page.getByRole("button", { name: "Ajouter un élève au comité" }).click();
  const board = await Person.arrive(browser, server.origin, { viewport: narrow });
  await enter(board, access.secondSeatLink);
  const pseudonym = (await board.page.getByRole("heading", { level: 1 }).innerText()).replace(/^Bonjour, /, "");
  await page.getByRole("combobox", { name: "Élève" }).fill(pseudonym);
  await page.getByRole("option", { name: pseudonym }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Ajouter un élève au comité" }).click();
  await page.getByRole("rowheader", { name: pseudonym }).waitFor();
  await accessibleInBoth(page, "the pupils' board");

  const pupil = await Person.arrive(browser, server.origin);
  await enter(pupil, access.seatLink);
  await pupil.page.goto(at("/eleve/redaction"));
  await write(pupil.page, "Notre cantine", "Elle est chère.");
  await choose(pupil.page, pupil.page, "Qui le lira", "tout le monde");
  await pupil.page.getByText(/^Enregistré à /).waitFor();
  await pupil.page.getByRole("button", { name: "Proposer" }).click();
  await pupil.page.getByText(/attend le comité de rédaction/).waitFor();

  // The head sees nothing of it before it is published.
  await page.goto(at("/redaction/relecture"));
  await page.getByText("Rien n’attend").waitFor();
  await board.page.goto(at("/eleve/redaction/relecture"));
  await board.page.getByRole("link", { name: "Notre cantine" }).waitFor();
  await accessible(board.page, "the board's desk at 360 px");
  await board.page.getByRole("link", { name: "Notre cantine" }).click();
  await board.page.getByRole("button", { name: "Publier", exact: true }).click();
  await board.page.getByRole("dialog").getByText("sous la responsabilité du comité de rédaction").waitFor();
  await board.page.getByRole("dialog").getByRole("button", { name: "Publier", exact: true }).click();
  await board.page.getByRole("link", { name: "Lire l’article publié" }).waitFor();
  await leave(board);

  await choose(page, page, "Afficher", "Publiés");
  await page.getByRole("link", { name: "Notre cantine" }).click();
  await page.getByText("Au lycée, la direction ne valide rien").waitFor();
  expect(await page.getByRole("button", { name: "Publier", exact: true }).count()).toBe(0);
  expect(await page.getByRole("button", { name: "Refuser" }).count()).toBe(0);
  await page.getByRole("button", { name: "Suspendre" }).click();
  await page.getByRole("dialog").getByText(/R511-8/).waitFor();
  await accessible(page, "suspending a publication");
  await page.getByRole("dialog").getByRole("button", { name: "Suspendre" }).click();
  expect(await page.getByText("Suspendu", { exact: true }).count()).toBe(0);
  await page.getByRole("textbox", { name: "Motif" }).fill("Une personne y est diffamée.");
  await page.getByRole("dialog").getByRole("button", { name: "Suspendre" }).click();
  await page.getByText("Suspendu", { exact: true }).waitFor();

  await page.goto(at("/redaction/relecture"));
  await page.getByText(/conseil d’administration n’est pas informé/).waitFor();
  await page.getByRole("link", { name: "Décisions" }).click();
  await page.getByText("Une personne y est diffamée.").first().waitFor();
  await accessible(page, "decisions of a head");
  await page.getByRole("button", { name: /^Noter l’information/ }).click();
  await expect.poll(() => page.getByRole("button", { name: /^Noter l’information/ }).count()).toBe(0);

  await pupil.page.reload();
  await pupil.page.getByText("Une personne y est diffamée.").waitFor();
  await leave(pupil);
  await head.leave();
});
