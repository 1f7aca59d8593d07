import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, accessibleInBoth, launchChromium, narrow } from "./browser.ts";
import { choose, rail, signIn } from "./gestures.ts";
import { enter } from "./lesson.ts";
import { printed } from "./printed.ts";
import { type Access, Server } from "./server.ts";

let server: Server;
let browser: Browser;
let access: Access;
let head: Person; // whose link is good once
let writer: Person; // a pupil, from one test to the next
const journal = "/journal/la-cour";

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  head = await Person.arrive(browser, server.origin);
  await signIn(head, access.headLink);
}, 240_000);
afterAll(async () => {
  await writer?.leave();
  await head?.leave();
  await browser?.close();
  await server?.stop();
});

const at = (path = "") => `${server.origin}${journal}${path}`;

/** Every kind of page that readers have, with what it must say. */
const pages: readonly (readonly [string, string])[] = [
  ["", "Quel âge ont nos platanes"],
  ["/articles", "Tous les articles"],
  ["/themes", "Médias et numérique"],
  ["/theme/medias-et-numerique", "Pourquoi nous signons d’un nom de plume"],
  ["/collectifs", "Club d’échecs"],
  ["/collectif/revue-de-presse", "La classe virtuelle a tenu"],
  ["/presse", "Café pédagogique"],
  ["/mot/vie-privee", "Un syndicat saisit la CNIL"],
  ["/calendrier", "Calendrier"],
  ["/recherche?q=platane", "Quel âge ont nos platanes"],
  ["/recherche?q=introuvable", "introuvable"],
  ["/archives", "Archives"],
  ["/publier", "Comment publier"],
  ["/contact", "journal@platanes.example"],
  ["/mentions", "Dominique Leroy"],
  ["/accessibilite", "lecteur d’écran"],
  ["/donnees", "sans témoin de connexion"],
];

test("without a script: every page is read, by its links alone; nothing is asked of another origin", async () => {
  const reader = await Person.arrive(browser, server.origin, { javaScriptEnabled: false });
  const { page } = reader;
  for (const [path, words] of pages) {
    const answer = await page.goto(at(path));
    expect(answer?.status(), path).toBe(200);
    expect(await page.locator("main").innerText(), path).toContain(words);
    expect(await page.locator("footer").innerText(), path).toContain("Dominique Leroy");
  }
  // From the front page to a piece, its theme, an older list, a month of the archive.
  await page.goto(at());
  await page.getByRole("link", { name: "Quel âge ont nos platanes" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Quel âge ont nos platanes" }).waitFor();
  expect(await page.locator("main").innerText()).toContain("Jardinier de la ville");
  expect(await page.locator(".leading img").evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await page.getByRole("link", { name: "Sciences", exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: "Sciences" }).waitFor();
  await page.goto(at("/archives"));
  await page.locator("main a[href*='mois=']").first().click();
  await page.locator("main h2, main h3").first().waitFor();
  await page.getByLabel("Chercher").fill("cantine");
  await page.getByRole("button", { name: "Chercher dans le journal" }).click();
  await page.getByRole("link", { name: /le pain pèse plus lourd/ }).waitFor();
  await reader.leave();
}, 120_000);

/** As long as a person takes at least to fill a form. */
const write = (page: Page) => page.waitForTimeout(4500);

test("without a script: a reader adds, reports, asks to reply and proposes, and is told what becomes of it", async () => {
  const reader = await Person.arrive(browser, server.origin, { javaScriptEnabled: false, viewport: narrow });
  const { page } = reader;
  await page.goto(at());
  await page.getByRole("link", { name: /le pain pèse plus lourd/ }).click();
  const article = page.url().replace(/#.*/, "");
  await page.getByLabel("Qui êtes-vous").fill("Un parent");
  await page.getByLabel("Votre message").fill("Mon fils mange du pain.\n\nBeaucoup de pain.");
  await page.getByRole("button", { name: "Relire avant d’envoyer" }).click();
  await page.getByRole("region", { name: "Votre message, tel qu’il paraîtrait" }).getByText("Beaucoup de pain.").waitFor();
  await page.getByRole("button", { name: "Envoyer", exact: true }).click();
  await page.getByText("Votre message est arrivé").first().waitFor();
  await page.getByText("Il attend d’être lu").waitFor();
  await page.goto(article);
  expect(await page.content()).not.toContain("Beaucoup de pain");

  await page.goto(`${article}/signaler`);
  await page.getByLabel("Il contient une erreur de fait").check();
  await page.getByRole("textbox").last().fill("Le total est de 63 grammes, et non de 62.");
  await write(page);
  await page.locator("form .main").last().click();
  await page.getByText("Votre signalement est arrivé").first().waitFor();

  await page.goto(`${article}/reponse`);
  await page.getByLabel("Votre nom", { exact: false }).first().fill("La boulangerie du coin");
  await page.locator("#contact").fill("boulangerie@exemple.example");
  await page.locator("#passages").fill("« À la cantine, le pain pèse plus lourd »");
  await page.locator("#message").fill("Notre pain est livré coupé depuis septembre.");
  await write(page);
  await page.locator("form .main").last().click();
  await page.getByText("Votre demande est arrivée").first().waitFor();
  await page.getByText("trois jours").first().waitFor();

  await page.goto(at("/publier"));
  await page.locator("#nom").fill("Ancienne élève");
  await page.locator("#titre").fill("La cour en 1974");
  await page.locator("#message").fill("Il y avait une fontaine à la place du préau.");
  await write(page);
  await page.locator("#proposer .main").click();
  await page.waitForURL(/recu=1/);

  // What is wrong is said, and nothing that was written is lost.
  await page.goto(article);
  await page.getByLabel("Qui êtes-vous").fill("Un parent");
  await page.locator("#message").fill("Un message assez long pour partir.");
  await page.locator("#lien").evaluate((input) => input.setAttribute("type", "text"));
  await page.locator("#lien").fill("javascript:alert(1)");
  await page.getByRole("button", { name: "Relire avant d’envoyer" }).click();
  await page.getByRole("alert").waitFor();
  expect(await page.locator("#message").inputValue()).toBe("Un message assez long pour partir.");
  await reader.leave();

  // The desk has them all.
  await rail(head.page, "Journal");
  for (const [path, words] of [
    ["/redaction/complements", "Beaucoup de pain."],
    ["/redaction/signalements", "63 grammes"],
    ["/redaction/reponses", "livré coupé"],
    ["/redaction/relecture", "La cour en 1974"],
  ] as const) {
    await head.page.goto(`${server.origin}${path}`);
    await head.page.getByText(words).first().waitFor();
  }
}, 180_000);

test("each template passes axe, in the light and in the dark, wide and narrow", async () => {
  const reader = await Person.arrive(browser, server.origin);
  const { page } = reader;
  await page.goto(at());
  const piece = await page.getByRole("link", { name: /Deux nouvelles venues/ }).first().getAttribute("href");
  const brief = await page.getByRole("link", { name: "La classe virtuelle a tenu" }).first().getAttribute("href");
  const own = [piece, brief].map((path) => path?.slice(journal.length) ?? "");
  for (const path of [...pages.map(([p]) => p), ...own, `${own[0]}/signaler`, `${own[0]}/reponse`, "/article/inconnu"]) {
    await page.goto(at(path));
    await accessibleInBoth(page, `journal${path}`);
  }
  await page.setViewportSize(narrow);
  for (const path of ["", "/presse", "/calendrier", "/publier", ...own]) {
    await page.goto(at(path));
    await accessible(page, `journal${path} at 360 px`);
  }
  await reader.leave();
}, 240_000);

test("on paper: the words, who wrote them, what they rest on and where that is; no form and no menu", async () => {
  const reader = await Person.arrive(browser, server.origin);
  const { page } = reader;
  await page.goto(at());
  const front = (await printed(page)).pages.join("\n");
  expect(front).toContain("Quel âge ont nos platanes");
  expect(front).toContain("Un syndicat saisit la CNIL");
  expect(front).not.toContain("Chercher dans le journal");
  await page.getByRole("link", { name: /Deux nouvelles venues/ }).first().click();
  const paper = await printed(page);
  const words = paper.pages.join("\n");
  expect(paper.pages.length).toBeLessThanOrEqual(4);
  for (const there of ["Vent d’ouest et Craie blanche", "Ce que nous n’avons pas trouvé", "Sources", "https://cafepedagogique.net/?p=26861", "Une maman d’élève", "Direction de la publication"]) expect(words).toContain(there);
  for (const not of ["Relire avant d’envoyer", "Qui êtes-vous", "Derniers articles", "À la une", "Signaler"]) expect(words).not.toContain(not);
  const shades = await page.evaluate(() => 0).then(async () => {
    await page.emulateMedia({ media: "print" });
    return page.evaluate(() => [getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.querySelector(".text p") as Element).color]);
  });
  expect(shades[0]).toBe("rgb(255, 255, 255)");
  await page.emulateMedia({ media: null });
  await page.goto(at("/presse"));
  const press = (await printed(page)).pages.join("\n");
  expect(press).toContain("http://politique.net/2020052001-ma-classe-a-la-maison-amazon.htm");
  await reader.leave();
}, 120_000);

const recording = (name: string) => readFileSync(fileURLToPath(new URL(`../internal/recording/testdata/${name}`, import.meta.url)));

test("a pupil puts a sound, a film and a formula in a piece; they are read, played and printed", async () => {
  writer = await Person.arrive(browser, server.origin);
  await enter(writer, access.seatLink);
  const p = writer.page;
  await p.getByRole("link", { name: "Écrire" }).click();
  await p.getByRole("button", { name: "Écrire un article" }).click();
  await p.getByRole("dialog").getByRole("textbox", { name: "Nom de plume" }).fill("Diapason");
  await p.getByRole("button", { name: "Prendre ce nom" }).click();
  await p.getByRole("textbox", { name: "Titre", exact: true }).fill("Le son d’un diapason");
  const text = p.getByRole("textbox", { name: "Texte", exact: true });
  await text.click();
  await p.keyboard.type("Un diapason vibre 440 fois par seconde. Sa période est ");
  await p.getByRole("button", { name: "Formule", exact: true }).click();
  const dialog = p.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Formule" }).fill("T = 1/");
  await dialog.getByText(/Il manque quelque chose/).waitFor();
  await dialog.getByRole("textbox", { name: "Formule" }).fill("T = 1/440");
  await dialog.getByText("Se lit : T égale 1 sur 440").waitFor();
  await accessibleInBoth(p, "a formula being written");
  await dialog.getByRole("button", { name: "Mettre dans le texte" }).click();
  await text.locator("math mfrac").waitFor();

  for (const [file, type, name] of [["s.mp3", "audio/mpeg", "Le la"], ["s.webm", "video/webm", "La mire"]] as const) {
    await p.keyboard.press("End");
    await p.getByRole("button", { name: "Son ou film" }).click();
    await p.getByRole("dialog").locator("input[type=file]").setInputFiles({ name: file, mimeType: type, buffer: recording(file) });
    await p.getByRole("textbox", { name: "Titre de l’enregistrement" }).fill(name);
    await p.getByRole("textbox", { name: "Ce qui y est dit" }).fill("Un son pur, sans parole.");
    await p.getByRole("textbox", { name: "Qui a fait l’enregistrement" }).fill("Diapason");
    if (type === "video/webm") {
      await p.getByRole("dialog").locator("input[type=file]").setInputFiles({ name: "mots.txt.vtt", mimeType: "text/vtt", buffer: Buffer.from("Pas de temps ici") });
      await p.getByText(/Ce fichier ne contient pas de sous-titres lisibles/).waitFor();
      await p.getByRole("dialog").locator("input[type=file]").setInputFiles({ name: "mire.srt", mimeType: "application/x-subrip", buffer: Buffer.from("1\n00:00:00,000 --> 00:00:00,900\n<i>La mire</i> & le son\n") });
      await p.getByText("1 sous-titre", { exact: true }).waitFor();
    }
    await accessible(p, `the words of ${file}`);
    await p.getByRole("dialog").getByRole("button", { name: "Mettre dans le texte" }).click();
    await text.locator(`figure:has-text("${name}")`).waitFor();
  }
  // A file that is not what it says is refused in words.
  await p.getByRole("button", { name: "Son ou film" }).click();
  await p.getByRole("dialog").locator("input[type=file]").setInputFiles({ name: "x.mp3", mimeType: "audio/mpeg", buffer: Buffer.concat([Buffer.from("ID3\x04\x00\x00\x00\x00\x00\x00", "latin1"), Buffer.from("<script>alert(1)</script>".repeat(400))]) });
  await p.getByText(/Cet enregistrement est abîmé/).waitFor();
  await p.keyboard.press("Escape");
  await choose(p, p, "Qui le lira", "tout le monde");
  await p.getByText(/^Enregistré à /).waitFor();
  await accessibleInBoth(p, "a piece with a sound, a film and a formula");
  await p.setViewportSize(narrow);
  await accessible(p, "a piece with a sound, a film and a formula, at 360 px");
  await p.getByRole("button", { name: "Proposer" }).click();
  await p.getByText(/attend qu’un adulte le relise/).waitFor();

  await head.page.goto(`${server.origin}/redaction/relecture`);
  await head.page.getByRole("link", { name: "Le son d’un diapason" }).click();
  await head.page.locator(".piece-text math").waitFor();
  await head.page.getByRole("button", { name: "Publier", exact: true }).click();
  await head.page.getByRole("dialog").getByRole("button", { name: "Publier", exact: true }).click();
  await head.page.getByRole("link", { name: "Lire l’article publié" }).waitFor();

  const reader = await Person.arrive(browser, server.origin);
  const { page } = reader;
  await page.goto(at());
  await page.getByRole("link", { name: "Le son d’un diapason" }).first().click();
  expect(await page.locator("math").first().getAttribute("alttext")).toBe("T égale 1 sur 440");
  for (const tag of ["audio", "video"]) {
    const played = await page.locator(tag).evaluate(async (player) => {
      const media = player as HTMLMediaElement;
      media.muted = true;
      await media.play();
      await new Promise((ended) => media.addEventListener("ended", ended, { once: true }));
      return media.duration;
    });
    expect(played, tag).toBeGreaterThan(0.4);
  }
  const cues = await page.locator("video").evaluate(async (player) => {
    const [track] = (player as HTMLMediaElement).textTracks;
    if (!track) return [];
    track.mode = "showing";
    for (let i = 0; i < 50 && !track.cues?.length; i++) await new Promise((again) => setTimeout(again, 100));
    return [...(track.cues ?? [])].map((cue) => (cue as VTTCue).getCueAsHTML().textContent);
  });
  expect(cues, "captions").toEqual(["La mire & le son"]);
  const part = await page.evaluate(async (src) => {
    const answer = await fetch(src, { headers: { Range: "bytes=10-19" } });
    return [answer.status, answer.headers.get("Content-Range"), (await answer.arrayBuffer()).byteLength];
  }, (await page.locator("audio").getAttribute("src")) ?? "");
  expect(part[0]).toBe(206);
  expect(part[1]).toMatch(/^bytes 10-19\/\d+$/);
  expect(part[2]).toBe(10);
  await accessibleInBoth(page, "a published piece with a sound, a film and a formula");
  const paper = (await printed(page)).pages.join("\n");
  expect(paper).toContain("Le la");
  expect(paper).toContain("Un son pur, sans parole.");
  await reader.leave();
}, 240_000);

test("a pupil asks another to sign: the name shows once they agree, and the editors may correct it", async () => {
  const second = await Person.arrive(browser, server.origin, { viewport: narrow });
  await enter(second, access.secondSeatLink);
  const q = second.page;
  await q.getByRole("link", { name: "Écrire" }).click();
  await q.getByRole("button", { name: "Écrire un article" }).click();
  await q.getByRole("dialog").getByRole("textbox", { name: "Nom de plume" }).fill("Camille Martin");
  await q.getByRole("button", { name: "Prendre ce nom" }).click();
  await q.getByText("C’est le nom d’une personne de l’établissement").waitFor();
  await q.getByRole("dialog").getByRole("textbox", { name: "Nom de plume" }).fill("Contrechant");
  await q.getByRole("button", { name: "Prendre ce nom" }).click();
  await q.getByRole("textbox", { name: "Titre", exact: true }).waitFor();

  const p = writer.page;
  await p.setViewportSize({ width: 1280, height: 800 });
  await p.goto(`${server.origin}/eleve/redaction`);
  await p.getByRole("button", { name: "Écrire un article" }).click();
  await p.getByRole("textbox", { name: "Titre", exact: true }).fill("À deux voix");
  await p.getByRole("textbox", { name: "Texte", exact: true }).fill("Nous chantons à deux voix.");
  await p.getByRole("textbox", { name: "Nom de plume de l’autre auteur" }).fill("Contrechant");
  await p.getByRole("button", { name: "Ajouter cette personne" }).click();
  await p.getByText("n’a pas encore accepté").waitFor();
  await accessible(p, "an author who was asked to sign");
  await choose(p, p, "Qui le lira", "tout le monde");
  await p.getByText(/^Enregistré à /).waitFor();

  await q.goto(`${server.origin}/eleve/redaction`);
  await q.getByRole("link", { name: "À deux voix" }).click();
  await q.getByText("On te propose de signer cet article").waitFor();
  await accessible(q, "an invitation to sign, at 360 px");
  await q.getByRole("button", { name: "Signer", exact: true }).click();
  await q.getByText("On te propose de signer cet article").waitFor({ state: "detached" });
  await p.reload();
  await p.getByRole("button", { name: "Proposer" }).click();
  await p.getByText(/attend qu’un adulte le relise/).waitFor();

  await head.page.goto(`${server.origin}/redaction/relecture`);
  await head.page.getByRole("link", { name: "À deux voix" }).click();
  await head.page.getByRole("button", { name: "Changer ce nom : Contrechant" }).click();
  await head.page.getByRole("dialog").getByRole("textbox", { name: "Nom de plume" }).fill("Contre-ut");
  await head.page.getByRole("button", { name: "Changer le nom" }).click();
  await head.page.getByText("Contre-ut").first().waitFor();
  await accessible(head.page, "who signs, for an editor");
  await head.page.getByRole("button", { name: "Publier", exact: true }).click();
  await head.page.getByRole("dialog").getByRole("button", { name: "Publier", exact: true }).click();
  await head.page.getByRole("link", { name: "Lire l’article publié" }).click();
  await head.page.getByText("Diapason et Contre-ut").waitFor();
  await second.leave();
}, 180_000);
