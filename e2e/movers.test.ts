import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, accessibleInBoth, launchChromium, narrow, wide } from "./browser.ts";
import { choose, rail, signIn } from "./gestures.ts";
import { type Access, Server } from "./server.ts";

const wxr = readFileSync(resolve(import.meta.dirname, "../internal/journal/bring/testdata/wordpress.xml"));
const dot = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGPQSvYEAAGRANftmO3ZAAAAAElFTkSuQmCC", "base64");

let server: Server;
let browser: Browser;
let access: Access;
let head: Person;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "preau-movers-"));
  server = await Server.withoutJournal();
  access = server.access();
  browser = await launchChromium();
  head = await Person.arrive(browser, server.origin);
  await signIn(head, access.headLink);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** A zip whose files are stored as they are. */
function zip(files: Record<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  for (const [name, data] of Object.entries(files)) {
    const path = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(crc32(data), 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(path.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    local.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(at, 42);
    parts.push(local, path, data);
    index.push(entry, path);
    at += local.length + path.length + data.length;
  }
  const central = Buffer.concat(index);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}

test("a head brings an old site: what is no export is refused with its reason; the report is read; what was public comes out", async () => {
  const { page } = head;
  await rail(page, "Journal");
  await page.getByRole("link", { name: "Créer le journal" }).click();
  await page.getByRole("textbox", { name: "Titre", exact: true }).fill("Le Platane");
  await page.getByRole("textbox", { name: "Adresse" }).fill("le-platane");
  await page.getByText("Ouvert aux lecteurs").click();
  await choose(page, page, "Qui le lit, au plus", "tout le monde");
  await page.getByRole("textbox", { name: "Hébergement" }).fill("Ville de Platane");
  await page.getByRole("button", { name: "Créer le journal" }).click();
  await page.getByRole("button", { name: "Enregistrer les réglages" }).waitFor();

  await page.goto(`${server.origin}/redaction/demenagement`);
  await page.getByRole("heading", { level: 1, name: "Déménager le journal" }).waitFor();
  await page.getByText("0 article,").waitFor();
  await accessibleInBoth(page, "moving, before anything");
  const files = page.locator("input[type=file]");
  await files.first().setInputFiles({ name: "site.xml", mimeType: "text/xml", buffer: Buffer.from('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><rss>&e;</rss>') });
  await page.getByText("site.xml est choisi.").waitFor();
  await page.getByRole("button", { name: "Lire l’export" }).click();
  await page.getByText(/contient une déclaration DOCTYPE ou ENTITY. Elle est refusée/).waitFor();
  await accessible(page, "an export that is refused");
  await page.getByRole("button", { name: "Faire venir un autre site" }).click();

  await files.first().setInputFiles({ name: "tilleul.xml", mimeType: "text/xml", buffer: wxr });
  await files.nth(1).setInputFiles({ name: "uploads.zip", mimeType: "application/zip", buffer: zip({ "wp-content/uploads/2019/05/radis.png": dot, "wp-content/uploads/2019/05/semis.jpg": Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>") }) });
  await page.getByText("uploads.zip est choisi.").waitFor();
  await page.getByRole("button", { name: "Lire l’export" }).click();
  await page.getByRole("heading", { name: "Compte rendu de Le Tilleul" }).waitFor();
  for (const said of ["1 tableau remplacé par du texte", "vidéo ou cadre d’un autre site ôté", "javascript:alert(3)", "Des noms d’élèves peuvent s’y trouver"]) await page.getByText(said).first().waitFor();
  await accessibleInBoth(page, "the report on an old site");
  await page.setViewportSize(narrow);
  await accessible(page, "the report on an old site, at 360 px");
  await page.setViewportSize(wide);

  await page.getByRole("textbox", { name: "Mme Leroux" }).fill("Le jardin");
  await page.getByText("Publiés avec leur date").click();
  await choose(page, page, "Qui les lira", "tout le monde");
  await page.getByRole("button", { name: "Faire venir", exact: true }).click();
  await page.getByText("1 article publié").waitFor({ timeout: 30_000 });
  await page.getByText("2 articles en brouillon").waitFor();
  await accessible(page, "an old site that has come");

  await page.getByRole("link", { name: "Voir les brouillons repris" }).click();
  await page.getByRole("link", { name: /^Le jardin & ses/ }).waitFor();
  await accessible(page, "drafts taken over");

  const reader = await Person.arrive(browser, server.origin);
  await reader.page.goto(`${server.origin}/journal/le-platane/ancien/2019/06/la-recolte/`);
  await reader.page.getByRole("heading", { level: 1, name: "La récolte" }).waitFor();
  await reader.page.getByText("Repris de l’ancien site").waitFor();
  await reader.leave();
});

test("a picture that came is seen by nobody until somebody has said that nobody can be recognised", async () => {
  const { page } = head;
  const spip = Buffer.from(
    '<?xml version="1.0" encoding="utf-8"?><SPIP version="2.1"><spip_documents><id_document>3</id_document><titre>La cour</titre><fichier>png/cour.png</fichier></spip_documents>' +
      "<spip_articles><id_article>7</id_article><titre>La cour</titre><texte>{{Voici}} la cour. &lt;img3|center&gt;</texte><date>2010-03-02 10:00:00</date><statut>publie</statut></spip_articles></SPIP>",
  );
  await page.goto(`${server.origin}/redaction/demenagement`);
  const files = page.locator("input[type=file]");
  await files.first().setInputFiles({ name: "tout.zip", mimeType: "application/zip", buffer: zip({ "dump.xml": spip, "IMG/png/cour.png": dot }) });
  await page.getByRole("button", { name: "Lire l’export" }).click();
  await page.getByText("Publiés avec leur date").click();
  await choose(page, page, "Qui les lira", "tout le monde");
  await page.getByRole("button", { name: "Faire venir", exact: true }).click();
  await page.getByText("C’est fait").first().waitFor();
  await accessible(page, "a second site that has come");
  await page.getByRole("link", { name: "Regarder les images" }).click();
  await page.getByRole("img", { name: "La cour" }).waitFor();
  await accessibleInBoth(page, "pictures to look at");
  const reader = await Person.arrive(browser, server.origin);
  const old = `${server.origin}/journal/le-platane/ancien/spip.php?article7`;
  await reader.page.goto(old);
  await reader.page.getByText("Voici").waitFor();
  expect(await reader.page.getByRole("img").count()).toBe(0);
  await page.getByRole("button", { name: "Personne n’y est reconnaissable : montrer cour.png" }).click();
  await page.getByText("Aucune image n’attend").waitFor();
  await reader.page.goto(old);
  await reader.page.getByRole("img", { name: "La cour" }).waitFor();
  await reader.leave();
});

test("the journal is taken away, and its pages open from a disk, without a script or a network", async () => {
  const { page } = head;
  await page.goto(`${server.origin}/redaction/demenagement`);
  await page.getByText(/^2 articles, 1 image ou document/).waitFor();
  const [copy] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Faire la copie" }).click()]);
  expect(copy.suggestedFilename()).toBe("journal-site.zip");
  expect(readFileSync(await copy.path()).subarray(0, 2).toString()).toBe("PK");

  const out = join(folder, "copie");
  await server.run("journal", "export", out, "--school", "le-platane", "--origin", server.origin);
  expect(readdirSync(out)).toContain("index.html");
  const disk = await Person.arrive(browser, server.origin, { javaScriptEnabled: false, offline: true });
  await disk.page.goto(pathToFileURL(join(out, "index.html")).href);
  await disk.page.getByText("Copie du journal faite le").waitFor();
  await disk.page.getByRole("link", { name: "La cour", exact: true }).first().click();
  await disk.page.getByRole("heading", { level: 1, name: "La cour" }).waitFor();
  const picture = disk.page.getByRole("img", { name: "La cour" });
  expect(await picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1);
  expect(disk.requests.filter((r) => !r.url().startsWith("file:")).map((r) => r.url())).toEqual([]);
  await disk.context.close();
  const looked = await Person.arrive(browser, server.origin, { offline: true });
  await looked.page.goto(pathToFileURL(join(out, "index.html")).href);
  await accessibleInBoth(looked.page, "the front of a copy on a disk");
  await looked.context.close();

  const said = await server.run("journal", "export", join(folder, "copie.zip"), "--school", "le-platane", "--format", "markdown", "--origin", server.origin);
  expect(said).toContain("copie.zip");
  await head.leave();
});
