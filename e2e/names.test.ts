import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, launchChromium } from "./browser.ts";
import { ask, choose, confirmTwo, importPasted, makeKey, rail, setUp, unlock, wordsOf } from "./gestures.ts";
import { Server } from "./server.ts";

// One school from its first key to the loss of every one: each test goes on
// where the one before stopped.
let server: Server;
let browser: Browser;
let head: Person;
let teacher: Person;
let school: string;
let phrase: string;
let teacherPhrase: string;
let paper: string;

beforeAll(async () => {
  server = await Server.empty();
  browser = await launchChromium();
  head = await Person.arrive(browser, server.origin);
  teacher = await Person.arrive(browser, server.origin);
  school = await setUp(head, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** Prints the sheet that is shown, says that it is stored, and gives its key. */
async function storeSheet(person: Person): Promise<string> {
  const { page } = person;
  await page.getByRole("heading", { level: 1, name: "La feuille de secours" }).waitFor({ timeout: 60_000 });
  const key = (await page.locator("main .recovery-text").innerText()).trim();
  expect(key.replace(/\s/g, "")).toMatch(/^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/);
  const finish = page.getByRole("button", { name: "Terminer" });
  expect(await finish.isDisabled(), "the sheet must be stored first").toBe(true);
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".recovery-print").innerText(), "the key is on paper").toContain(key);
  expect(await page.locator("main").isVisible(), "only the sheet is printed").toBe(false);
  await page.emulateMedia({ media: "screen" });
  await page.getByText("La feuille est imprimée et rangée").click();
  await finish.click();
  await page.getByRole("heading", { name: "Personnes qui attendent" }).waitFor();
  return key;
}

/** Gives the names of a group as its page shows them. */
async function shown(person: Person, group: string): Promise<string[]> {
  await rail(person.page, "Groupes");
  await person.page.getByRole("link", { name: group, exact: true }).click();
  const table = person.page.getByRole("table", { name: `Élèves de ${group}` });
  await table.waitFor();
  await person.page.waitForLoadState("networkidle");
  return table.getByRole("rowheader").allInnerTexts();
}

/** The head lets in somebody whom their page shows to be waiting, after comparing their words. */
async function letIn(name: string, words: string[], lastDay?: string): Promise<void> {
  const { page } = head;
  await page.getByRole("button", { name: `Laisser entrer ${name}` }).click();
  const dialog = page.getByRole("dialog");
  expect(await wordsOf(page, `L’empreinte de ${name}`)).toEqual(words);
  await dialog.getByRole("button", { name: "Laisser entrer" }).click();
  await dialog.getByText("Cochez cette case avant de continuer.").waitFor();
  await dialog.getByText("Nous avons comparé").click();
  if (lastDay) {
    await dialog.getByText("Jusqu’à une date").click();
    await dialog.getByLabel("Dernier jour").fill("2020-01-01");
    await dialog.getByRole("button", { name: "Laisser entrer" }).click();
    await dialog.getByText("Choisissez un jour à venir.").waitFor();
    await dialog.getByLabel("Dernier jour").fill(lastDay);
  }
  await accessible(page, "letting somebody in");
  await dialog.getByRole("button", { name: "Laisser entrer" }).click();
  await page.getByText(`${name} voit maintenant les noms.`).waitFor();
}

test("the head makes the first key, prints the recovery sheet, and imports names", async () => {
  const { page } = head;
  await page.goto(`${server.origin}/noms`);
  const words = await wordsOf(page, "Les six mots de votre phrase");
  expect(new Set(words).size).toBeGreaterThan(3);
  await accessible(page, "the six words");
  await page.getByRole("button", { name: "Continuer, c’est recopié" }).click();
  await confirmTwo(page, () => "piano");
  await page.getByRole("button", { name: "Créer ma clé" }).click();
  await page.getByText("Ce n’est pas le mot affiché.").first().waitFor();
  await accessible(page, "a word that was copied wrong");
  await page.getByRole("button", { name: "Revoir les mots" }).click();
  expect(await wordsOf(page, "Les six mots de votre phrase"), "the words stay the same").toEqual(words);
  phrase = await makeKey(page);
  expect(phrase).toBe(words.join(" "));
  await accessible(page, "before the school's key");
  await page.getByRole("button", { name: "Créer la clé des noms" }).click();
  await page.getByRole("heading", { level: 1, name: "La feuille de secours" }).waitFor();
  await accessible(page, "the recovery sheet");

  // A link does not lose the sheet before somebody says so.
  const unstored = (await page.locator("main .recovery-text").innerText()).trim();
  await page.getByRole("navigation").getByRole("link", { name: "Groupes" }).click();
  const leaving = page.getByRole("alertdialog", { name: "La feuille de secours n’est pas rangée" });
  await accessible(page, "leaving the recovery sheet");
  await leaving.getByRole("button", { name: "Rester sur cette page" }).click();
  expect((await page.locator("main .recovery-text").innerText()).trim(), "the sheet is still there").toBe(unstored);
  await page.getByRole("navigation").getByRole("link", { name: "Groupes" }).click();
  await leaving.getByRole("button", { name: "Quitter sans la feuille" }).click();
  await page.waitForURL("**/groupes");
  await rail(page, "Aujourd’hui");
  await page.getByText("La feuille de secours des noms n’est pas encore imprimée et rangée.").waitFor();
  await page.getByRole("link", { name: "S’occuper de la feuille" }).click();
  await page.getByRole("button", { name: "Faire une nouvelle feuille" }).click();
  paper = await storeSheet(head);
  expect(paper).not.toBe(unstored);
  expect(await page.getByText("La feuille de secours n’est pas rangée").count()).toBe(0);
  await rail(page, "Aujourd’hui");
  await page.getByRole("link", { name: "Ouvrir une année" }).waitFor();
  expect(await page.getByText("La feuille de secours des noms").count(), "the task is done").toBe(0);
  await rail(page, "Noms");
  await accessible(page, "names, open");

  await rail(page, "Établissement");
  await page.getByRole("link", { name: "Années" }).click();
  await page.getByRole("button", { name: "Ouvrir une année" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Ouvrir une année" }).click();
  await page.getByText("Année ouverte").waitFor();
  await importPasted(page, "ABEL Anne\nBRUN Basile\nCAMUS Chloé\n", "6e A");
  await importPasted(page, "DORE Denis\nEVANS Emma\n", "5e B");
  const names = await shown(head, "6e A");
  expect(names.map((n) => n.split("\n")[0])).toEqual(["ABEL Anne", "BRUN Basile", "CAMUS Chloé"]);
});

test("a teacher is invited, makes a key, is let in by the head and sees only the names of their seats", async () => {
  const { page } = head;
  await rail(page, "Établissement");
  await page.getByRole("link", { name: "Personnel" }).click();
  await page.getByRole("button", { name: "Inviter" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Un groupe", { exact: true }).click();
  await dialog.getByRole("combobox", { name: "Groupe" }).fill("6e");
  await page.getByRole("option", { name: /6e A/ }).click();
  await dialog.getByRole("button", { name: "Créer l’invitation" }).click();
  const link = /https?:\/\/\S+#\S+/.exec(await dialog.getByText(/invitation#/).first().innerText())?.[0] ?? "";
  await dialog.getByRole("button", { name: "Terminer" }).click();

  // The head's page of names is open before anybody waits, and stays so.
  await rail(page, "Noms");
  await page.getByText("Personne n’attend.").waitFor();

  await teacher.page.goto(link);
  await teacher.page.getByLabel("Votre prénom et votre nom").fill("Zoé Remplaçante");
  await teacher.page.getByLabel("Adresse électronique").fill("zoe@essai.example");
  await teacher.page.getByLabel("Mot de passe", { exact: true }).fill("une autre phrase de passe");
  await teacher.page.getByRole("button", { name: "Créer mon compte et accepter" }).click();
  await teacher.page.waitForURL("**/aujourdhui");
  expect((await shown(teacher, "6e A")).join(" "), "nothing before being let in").not.toContain("ABEL");
  await rail(teacher.page, "Noms");
  teacherPhrase = await makeKey(teacher.page, true);
  await teacher.page.getByRole("heading", { name: "En attente" }).waitFor();
  await accessible(teacher.page, "waiting to be let in");
  const words = await wordsOf(teacher.page, "Mon empreinte, à lire à voix haute");

  await page.getByRole("button", { name: "Laisser entrer Zoé Remplaçante" }).waitFor();
  await rail(page, "Aujourd’hui");
  await page.getByText("1 collègue attend de pouvoir lire les noms.").waitFor();
  await page.getByRole("link", { name: "Donner l’accès" }).click();
  await letIn("Zoé Remplaçante", words);
  await page.getByRole("row", { name: /Zoé Remplaçante/ }).waitFor();
  await teacher.page.getByRole("heading", { name: "En attente" }).waitFor({ state: "detached" });
  await teacher.page.getByRole("heading", { name: "Corriger ou retaper des noms" }).waitFor();
  await expect.poll(async () => (await shown(teacher, "6e A")).map((n) => n.split("\n")[0]), { timeout: 30_000 }).toEqual(["ABEL Anne", "BRUN Basile", "CAMUS Chloé"]);
  const records = await ask(teacher.page, "GET", `/schools/${school}/names/records?limit=500`);
  expect(records.body.items).toHaveLength(3);
  expect((await ask(head.page, "GET", `/schools/${school}/names/records?limit=500`)).body.items).toHaveLength(5);
});

test("the six words are asked once on one's own device, and each time on a shared one", async () => {
  await teacher.page.reload();
  await rail(teacher.page, "Noms");
  await teacher.page.getByText("Cet appareil est marqué comme le vôtre").waitFor();
  await head.page.reload();
  await rail(head.page, "Noms");
  await head.page.getByRole("textbox", { name: "Vos six mots" }).waitFor();
  // Forgotten on purpose, it asks again.
  await teacher.page.getByRole("button", { name: "Oublier cet appareil" }).click();
  await teacher.page.getByRole("alertdialog").getByRole("button", { name: "Oublier cet appareil" }).click();
  await teacher.page.getByRole("textbox", { name: "Vos six mots" }).fill("un deux trois quatre cinq six");
  await teacher.page.getByRole("button", { name: "Voir les noms" }).click();
  await teacher.page.getByText("n’est pas dans la liste").waitFor();
  await accessible(teacher.page, "a wrong phrase");
  await unlock(teacher.page, teacherPhrase);
  await teacher.page.getByText("Votre clé est ouverte dans cet onglet seulement").waitFor();
  await teacher.page.reload();
  await teacher.page.getByRole("textbox", { name: "Vos six mots" }).waitFor();
  await unlock(teacher.page, teacherPhrase);
});

test("a renewed key is compared before it is believed", async () => {
  await unlock(head.page, phrase);
  await head.page.getByRole("button", { name: "Renouveler la clé" }).click();
  await head.page.getByRole("alertdialog").getByRole("button", { name: "Renouveler la clé" }).click();
  const former = paper;
  paper = await storeSheet(head);
  expect(paper).not.toBe(former);
  const words = await wordsOf(head.page, "L’empreinte de la clé de l’établissement");
  expect(await shown(head, "5e B")).toHaveLength(2);
  expect((await shown(head, "5e B")).join(" ")).toContain("DORE");

  await teacher.page.reload();
  await unlock(teacher.page, teacherPhrase);
  await teacher.page.getByRole("heading", { name: "En attente" }).waitFor();
  await rail(head.page, "Noms");
  await letIn("Zoé Remplaçante", await wordsOf(teacher.page, "Mon empreinte, à lire à voix haute"), "2099-06-30");
  await teacher.page.getByRole("heading", { name: "La clé des noms a changé" }).waitFor({ timeout: 60_000 });
  expect(await wordsOf(teacher.page, "L’empreinte de la clé de l’établissement")).toEqual(words);
  expect((await shown(teacher, "6e A")).join(" "), "nothing is shown before comparing").not.toContain("ABEL");
  await rail(teacher.page, "Noms");
  await accessible(teacher.page, "a changed key");
  const accept = teacher.page.getByRole("button", { name: "Accepter cette clé" });
  await accept.click();
  await teacher.page.getByText("Cochez cette case avant de continuer.").waitFor();
  await teacher.page.getByText("Nous avons comparé").click();
  await accept.click();
  await teacher.page.getByRole("button", { name: "Refermer les noms" }).waitFor();
  await expect.poll(async () => (await shown(teacher, "6e A")).join(" ")).toContain("ABEL");
});

test("access with a date is shown with it, and ends at once when it is taken back", async () => {
  await rail(head.page, "Noms");
  const row = head.page.getByRole("row", { name: /Zoé Remplaçante/ });
  expect(await row.innerText()).toContain("30 juin 2099");
  await row.getByRole("button", { name: /Retirer l’accès/ }).click();
  await head.page.getByRole("alertdialog").getByRole("button", { name: "Retirer l’accès" }).click();
  await row.waitFor({ state: "detached" });
  expect((await ask(teacher.page, "GET", `/schools/${school}/names/records?limit=500`)).status).toBe(403);
  await teacher.page.reload();
  expect((await shown(teacher, "6e A")).join(" ")).not.toContain("ABEL");
});

/** Makes another personal key in place of a lost one. */
async function loseThePhrase(person: Person): Promise<string> {
  await person.page.reload();
  await rail(person.page, "Noms");
  await person.page.getByRole("button", { name: "J’ai perdu ma phrase" }).click();
  await person.page.getByRole("alertdialog").getByRole("button", { name: "Faire une autre clé" }).click();
  return makeKey(person.page);
}

test("with every phrase lost, the recovery sheet opens the names again", async () => {
  const { page } = head;
  phrase = await loseThePhrase(head);
  await page.getByRole("heading", { name: "Personne ne peut vous laisser entrer" }).waitFor();
  await page.getByRole("button", { name: "Utiliser la feuille de secours" }).click();
  await page.getByLabel("La clé imprimée").fill("AGE-SECRET-KEY-1 QQQQQQ");
  await page.getByRole("button", { name: "Lire la feuille" }).click();
  await page.getByText("Le contenu est abîmé").waitFor();
  await page.getByLabel("La clé imprimée").fill(paper.toLowerCase());
  await page.getByRole("button", { name: "Lire la feuille" }).click();
  await wordsOf(page, "L’empreinte de la clé de l’établissement");
  await accessible(page, "the sheet's words");
  await page.getByText("Oui, c’est la même").click();
  await page.getByRole("button", { name: "Reprendre les noms" }).click();
  const former = paper;
  paper = await storeSheet(head);
  expect(paper).not.toBe(former);
  expect((await shown(head, "6e A")).map((n) => n.split("\n")[0])).toEqual(["ABEL Anne", "BRUN Basile", "CAMUS Chloé"]);
  await page.reload();
  await unlock(page, phrase);
  expect((await shown(head, "5e B")).join(" "), "the names were written again").toContain("DORE");
});

test("with every key lost, names are retyped against numbers and the seats stay", async () => {
  const { page } = head;
  const before = (await ask(page, "GET", `/schools/${school}/seats?limit=500`)).body.items as { id: string; number: number; pseudonym: string }[];
  phrase = await loseThePhrase(head);
  await page.getByRole("button", { name: "Repartir d’une nouvelle clé" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Créer une nouvelle clé" }).click();
  paper = await storeSheet(head);
  expect((await shown(head, "6e A")).join(" "), "the old names cannot be read").not.toContain("ABEL");
  await rail(page, "Noms");
  await page.getByRole("button", { name: "Ouvrir la grille" }).click();
  await choose(page, page, "Classe ou groupe", "6e A");
  await page.getByText("Les noms de 3 places ne peuvent pas être lus").waitFor();
  await accessible(page, "the grid of names");
  await page.getByRole("textbox", { name: /^Nom : / }).first().focus();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "ABEL\tAnne\nBRUN\tBasile\nCAMUS\tChloé\n");
    document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await page.getByRole("button", { name: "Enregistrer 3 noms" }).click();
  await page.getByText("3 noms enregistrés").waitFor();
  expect((await shown(head, "6e A")).map((n) => n.split("\n")[0])).toEqual(["ABEL Anne", "BRUN Basile", "CAMUS Chloé"]);
  const after = (await ask(page, "GET", `/schools/${school}/seats?limit=500`)).body.items as typeof before;
  expect(after.map((s) => [s.id, s.number, s.pseudonym])).toEqual(before.map((s) => [s.id, s.number, s.pseudonym]));
  await page.reload();
  await unlock(page, phrase);
  await expect.poll(async () => (await shown(head, "6e A")).join(" "), { timeout: 30_000 }).toContain("CAMUS");
  await teacher.leave();
  await head.leave();
});
