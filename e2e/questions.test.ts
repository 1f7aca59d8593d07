import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, accessibleInBoth, launchChromium, narrow, wide } from "./browser.ts";
import { choose, signIn } from "./gestures.ts";
import { run, Server } from "./server.ts";

let server: Server;
let browser: Browser;
let teacher: Person;
let page: Page;

beforeAll(async () => {
  server = await Server.demo();
  browser = await launchChromium();
  teacher = await Person.arrive(browser, server.origin);
  page = teacher.page;
  await signIn(teacher, server.access().staffLink);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A picture of one colour. */
function picture(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8); // eight bits of grey
  const rows = Buffer.alloc((width + 1) * height, 180);
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0;
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** Looks at the page with axe at both widths. */
async function looked(what: string): Promise<void> {
  for (const size of [narrow, wide]) {
    await page.setViewportSize(size);
    await accessible(page, `${what} at ${size.width} px`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), `${what} scrolls sideways at ${size.width} px`).toBeLessThanOrEqual(size.width);
  }
}

async function write(kind: string): Promise<void> {
  await page.goto(`${server.origin}/evaluations/questions/nouvelle`);
  await page.getByRole("link", { name: new RegExp(`^${kind}`) }).click();
  await page.getByRole("heading", { level: 1, name: "Écrire une question" }).waitFor();
}

const field = (name: string | RegExp) => page.getByRole("textbox", { name, exact: typeof name === "string" });
const save = () => page.getByRole("button", { name: "Enregistrer la question" }).click();
const preview = () => page.getByRole("region", { name: "Ce que verra l’élève" });

async function bringPicture(): Promise<void> {
  await page.getByRole("dialog").locator("input[type=file]").setInputFiles({ name: "carte.png", mimeType: "image/png", buffer: picture(240, 160) });
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

test("a teacher writes a question, is told at the fields what is missing, and tries it", async () => {
  await page.goto(`${server.origin}/evaluations/questions`);
  await page.getByText("Aucune question n’est écrite").waitFor();
  await looked("no question");
  await page.getByRole("link", { name: "Écrire une question" }).click();
  await page.getByText("Que fera l’élève").waitFor();
  await looked("the kinds of question");
  await write("Une bonne réponse");
  await field("La question").fill("Combien font `3/4` + `1/4` ?");
  await field("Titre dans la banque").fill("Des quarts");
  await field("Réponse 1").fill("`1/2`");
  await field("Réponse 2").fill("1");
  await save();
  await page.getByText("signalés plus bas").waitFor();
  await page.getByText("Dites quelle réponse est la bonne").first().waitFor();
  await page.getByText("Écrivez ici.").waitFor();
  await looked("a question with errors");

  await field("Réponse 3").fill("2");
  await page.getByRole("radio", { name: "La bonne réponse : Réponse 2" }).check();
  await page.getByRole("button", { name: "Formule dans : La question" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("x^2");
  await page.getByRole("dialog").locator("math").waitFor();
  await accessible(page, "a formula");
  await page.getByRole("dialog").getByRole("button", { name: "Mettre dans le texte" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Ajouter une image", exact: true }).click();
  await bringPicture();
  await field("Ce que montre l’image").fill("Un gâteau coupé en quatre");
  await field(/^Ce qu’elle travaille/).fill("Calcul");
  await field(/^Si la réponse est juste/).fill("Quatre quarts font un entier.");
  await preview().getByRole("radio", { name: "1", exact: true }).check();
  await preview().getByRole("button", { name: "Vérifier cette réponse" }).click();
  await preview().getByText("Cette réponse vaut 1 sur 1.").waitFor();
  await preview().getByText("Quatre quarts font un entier.").waitFor();
  expect(await preview().locator("math").count()).toBeGreaterThanOrEqual(3);
  await accessibleInBoth(page, "a question being written");
  await looked("a question being written");

  await page.reload();
  await page.getByText("Ce texte n’était pas enregistré").waitFor();
  expect(await field("Titre dans la banque").inputValue()).toBe("Des quarts");
  await save();
  await page.getByRole("link", { name: "Des quarts", exact: true }).waitFor();
});

test("a text with gaps is made by choosing its words", async () => {
  await write("Texte à trous");
  await field("La question").fill("Complète.");
  const text = field("Le texte");
  await text.fill("Le chat dort.");
  await text.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(3, 7));
  await page.getByRole("button", { name: "Faire un trou" }).click();
  expect(await text.inputValue()).toBe("Le [1] dort.");
  expect(await field("Trou 1 : la bonne réponse").inputValue()).toBe("chat");
  await page.getByRole("button", { name: "Ajouter un mot de trop" }).click();
  await field("Mot de trop 1").fill("loup");
  await field("Titre dans la banque").fill("Le chat");
  await field(/^Ce qu’elle travaille/).fill("Grammaire");
  await preview().getByRole("combobox").selectOption({ label: "chat" });
  await preview().getByRole("button", { name: "Vérifier cette réponse" }).click();
  await preview().getByText("Cette réponse vaut 1 sur 1.").waitFor();
  await looked("a text with gaps");
  await save();
  await page.getByRole("link", { name: "Le chat", exact: true }).waitFor();
});

test("areas of a picture are placed by the keyboard", async () => {
  await write("Zones d’une image");
  await field("La question").fill("Montre le nord.");
  await page.getByRole("group", { name: "Image" }).getByRole("button", { name: "Ajouter une image" }).click();
  await bringPicture();
  await field("Ce que montre l’image").fill("Une boussole");
  for (const [number, name, top] of [[1, "En haut", 5], [2, "En bas", 70]] as const) {
    await page.getByRole("button", { name: "Ajouter une zone" }).press("Enter");
    const area = page.getByRole("group", { name: `Zone ${number}`, exact: true });
    await area.getByRole("textbox", { name: `Nom de la zone ${number}` }).fill(name);
    await area.getByRole("spinbutton", { name: "Depuis le haut" }).fill(String(top));
  }
  await page.getByRole("checkbox", { name: "La zone 1 est juste" }).press("Space");
  await field("Titre dans la banque").fill("La boussole");
  await field(/^Ce qu’elle travaille/).fill("Calcul");
  await preview().getByRole("button", { name: "En haut" }).click();
  await preview().getByRole("button", { name: "Vérifier cette réponse" }).click();
  await preview().getByText("Cette réponse vaut 1 sur 1.").waitFor();
  await looked("areas of a picture");
  await save();
  await page.getByRole("link", { name: "La boussole", exact: true }).waitFor();
  await looked("three questions");
});

test("a test is drawn, completed by hand, looked at and exported", async () => {
  await page.goto(`${server.origin}/evaluations/composer`);
  await field("Titre de l’évaluation").fill("Contrôle du lundi");
  await page.getByRole("button", { name: "Ajouter une ligne de tirage" }).click();
  const line = page.getByRole("group", { name: "Ligne 1" });
  await line.getByRole("textbox", { name: "Combien" }).fill("3");
  await choose(line, page, "Ce qu’elles travaillent", "Calcul");
  await page.getByRole("button", { name: "Tirer", exact: true }).click();
  await page.getByText("La banque n’en a que 2.").waitFor();
  await looked("a draw that the bank cannot give");
  await line.getByRole("textbox", { name: "Combien" }).fill("2");
  await page.getByRole("button", { name: "Tirer", exact: true }).click();
  await page.getByText(/Tirage fait avec la graine/).waitFor();
  await page.getByRole("button", { name: "Ajouter une partie" }).click();
  await page.getByRole("button", { name: "Choisir des questions pour la partie 2" }).click();
  await page.getByRole("dialog").getByRole("checkbox", { name: /Le chat/ }).waitFor();
  await accessible(page, "the choice of questions");
  await page.getByRole("dialog").getByRole("checkbox", { name: /Le chat/ }).press("Space");
  await page.getByRole("dialog").getByRole("button", { name: "Ajouter une question" }).click();
  await field("Points : Le chat").fill("2,5");
  await page.getByText("3 questions, 4,5 points au total.").waitFor();
  await looked("a test being put together");
  await page.getByRole("button", { name: "Enregistrer l’évaluation" }).click();
  await page.getByRole("heading", { level: 1, name: "Banque d’évaluations" }).waitFor();
  await looked("the bank with a test made here");
  await page.getByRole("button", { name: "Regarder Contrôle du lundi" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Le chat" }).click();
  await page.getByRole("dialog").getByRole("combobox").waitFor();
  await accessible(page, "a test made here");
  await page.getByRole("dialog").getByRole("button", { name: "Fermer" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });

  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Exporter Contrôle du lundi, au format QTI" }).click();
  const download = await coming;
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const file = join(tmpdir(), `preau-export-${process.pid}.zip`);
  await writeFile(file, Buffer.concat(chunks));
  expect((await run("qti", "check", file)).trim()).toBe("");

  await page.goto(`${server.origin}/evaluations/questions`);
  await page.getByRole("link", { name: "Des quarts", exact: true }).click();
  await page.getByText("Ce que vous enregistrez sera la version 2.").waitFor();
  await page.getByRole("button", { name: "Enregistrer une nouvelle version" }).click();
  await page.getByRole("heading", { level: 1, name: "Questions de l’établissement" }).waitFor();
});
