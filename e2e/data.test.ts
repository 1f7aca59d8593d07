import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Browser, Download, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Decrypter, generateX25519Identity, identityToRecipient } from "../web/node_modules/age-encryption/dist/index.js";
import { Person, accessible, launchChromium, narrow, wide } from "./browser.ts";
import { ask, choose, importPasted, rail, signIn, signInAs, unlock } from "./gestures.ts";
import { foundIn, foundUnder } from "./planted.ts";
import { type Access, Server, run } from "./server.ts";

const planted = ["Quentin-Zéphyrin", "Quartzenbourg"];
const number = "27"; // the demonstration's class has 26 seats

let server: Server;
let browser: Browser;
let access: Access;
let head: Person;
let keys: string;
let identity: string;
let archive: string;

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  keys = mkdtempSync(join(tmpdir(), "preau-keys-"));
  identity = await generateX25519Identity();
  writeFileSync(join(keys, "backup.key"), `${identity}\n`);
  head = await Person.arrive(browser, server.origin);
  await signIn(head, access.headLink);
  await unlock(head.page, access.phrase);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(keys, { recursive: true, force: true });
});

async function tab(page: Page, name: string): Promise<void> {
  await rail(page, "Données");
  await page.getByRole("tab", { name }).click();
  await page.getByRole("tabpanel").waitFor();
}

/** The files that an act hands over, by their extension. */
async function handed(page: Page, count: number, act: () => Promise<void>): Promise<Map<string, Buffer>> {
  const downloads: Download[] = [];
  const note = (d: Download) => void downloads.push(d);
  page.on("download", note);
  await act();
  await expect.poll(() => downloads.length, { timeout: 30_000 }).toBe(count);
  page.off("download", note);
  return new Map(await Promise.all(downloads.map(async (d) => [d.suggestedFilename().split(".").pop() ?? "", readFileSync(await d.path())] as const)));
}

test("a backup holds no planted name, in its file names, rows or logs", async () => {
  await importPasted(head.page, `${planted[1]!.toUpperCase()} ${planted[0]}\n`, "5e C");
  archive = (await server.run("backup", "now", "--backup-recipients", await identityToRecipient(identity))).trim().split("\n").pop()!;
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const tar = gunzipSync(await decrypter.decrypt(readFileSync(archive)));
  expect(tar.includes("tables/name_record"), "the records are in the archive").toBe(true);
  expect(tar.includes("Loutre rêveuse"), "the search sees what is there").toBe(true);
  const names = [...planted, "Toussaint"];
  expect([
    ...foundIn("the archive", tar, names),
    ...foundUnder(server.dataDir, names),
    ...foundIn("what the server printed", Buffer.from(server.output.join("")), names),
    ...foundIn("what the browser sent", Buffer.from(await head.sent(), "latin1"), names),
  ]).toEqual([]);
});

test("a person is found by name in the head's browser, gets their data, and is erased by seat", async () => {
  const { page } = head;
  await tab(page, "Une personne");
  const search = page.getByRole("searchbox", { name: "Nom, numéro de place ou pseudonyme" });
  await search.fill("quartzenbourg zephy");
  const row = page.getByRole("row", { name: new RegExp(planted[0]!) });
  await row.waitFor();
  for (const size of [narrow, wide]) {
    await page.setViewportSize(size);
    await accessible(page, `a person found, at ${size.width} px`);
  }
  const files = await handed(page, 2, () => row.getByRole("button", { name: /^Télécharger ses données/ }).click());
  expect(files.get("html")?.toString()).toContain(planted[0]);
  const data = JSON.parse(files.get("json")!.toString()) as { nameAddedByBrowser: string; data: { table: string; rows: unknown[] }[] };
  expect(data.nameAddedByBrowser).toContain(planted[0]);
  expect(data.data.find((t) => t.table === "seat")?.rows).toHaveLength(1);

  await row.getByRole("button", { name: /^Effacer ses données/ }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel(/^Pour confirmer/).fill("999");
  await dialog.getByRole("button", { name: "Effacer ses données" }).click();
  await dialog.getByText("Ce n’est pas le bon texte.").waitFor();
  await accessible(page, "an erasure typed wrong");
  await dialog.getByLabel(/^Pour confirmer/).fill(number);
  await dialog.getByRole("button", { name: "Effacer ses données" }).click();
  await page.getByText("Les données sont effacées.").waitFor();
  await search.fill(number);
  await page.getByText("Aucune place ne correspond.").waitFor();
  expect(foundIn("what the browser sent", Buffer.from(await head.sent(), "latin1"), planted)).toEqual([]);
});

test("a restore of the backup made before erases that seat again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "preau-restored-"));
  const line = /^# installation: \S+$/m.exec(await server.run("backup", "key"))?.[0] ?? "";
  const unsigned = run("restore", archive, "--key", join(keys, "backup.key"), "--data-dir", folder, "--backup-dir", join(server.dataDir, "backups"));
  await expect(unsigned, "nothing says whose archive it is").rejects.toThrow("n’importe qui peut en faire une");
  appendFileSync(join(keys, "backup.key"), `${line}\n`);
  const told = await run("restore", archive, "--key", join(keys, "backup.key"), "--data-dir", folder, "--backup-dir", join(server.dataDir, "backups"));
  expect(told).toContain("1 effacement fait de nouveau");
  const restored = await Server.on(folder);
  try {
    const person = await Person.arrive(browser, restored.origin);
    await signInAs(person, restored, "direction@platanes.example");
    const seats = (await ask(person.page, "GET", `/schools/${access.school}/seats?limit=500`)).body.items as { number: number; erasedAt?: number }[];
    const gone = (await ask(person.page, "GET", `/schools/${access.school}/seats?left=true&limit=500`)).body.items as typeof seats;
    expect(seats).toHaveLength(26);
    expect(gone.filter((s) => s.erasedAt === undefined)).toEqual([]);
    await unlock(person.page, access.phrase);
    await tab(person.page, "Une personne");
    await person.page.getByRole("searchbox").fill(planted[1]!);
    await person.page.getByText("Aucune place ne correspond.").waitFor();
    await person.page.getByRole("searchbox").fill("Abadie");
    await person.page.getByRole("row", { name: /Abadie Amina/i }).waitFor();
    await person.leave();
  } finally {
    await restored.stop();
  }
});

test("the DPO reads the register, takes it as CSV and ODS, and sees what retention would do", async () => {
  const dpo = await Person.arrive(browser, server.origin);
  await signIn(dpo, access.dpoLink);
  const { page } = dpo;
  await tab(page, "Registre");
  await page.getByText("Dominique Leroy, Chef·fe d’établissement").first().waitFor();
  await accessible(page, "the register");
  const csv = (await handed(page, 1, () => page.getByRole("link", { name: "Télécharger en CSV" }).click())).get("csv")!.toString("utf8");
  expect(csv).toContain("Dominique Leroy");
  expect(csv.split("\n").length).toBeGreaterThan(5);
  const ods = (await handed(page, 1, () => page.getByRole("link", { name: "Télécharger en tableur (ODS)" }).click())).get("ods")!;
  expect(ods.subarray(0, 2).toString()).toBe("PK");
  expect(ods.toString("latin1")).toContain("mimetypeapplication/vnd.oasis.opendocument.spreadsheet");
  await tab(page, "Conservation");
  await page.getByRole("table").first().waitFor();
  await accessible(page, "retention");
  const plan = (await ask(page, "GET", `/schools/${access.school}/privacy/retention`)).body as { rules: { rows: number; days: number }[]; runs: unknown[] };
  expect(plan.rules.length).toBeGreaterThan(5);
  expect(plan.rules.reduce((sum, rule) => sum + rule.rows, 0), "nothing is old enough").toBe(0);
  expect(await page.getByRole("button", { name: "Effacer ce qui est à terme" }).count()).toBe(0);
  await dpo.leave();
});

test("an account is closed and opened again, a role taken back, and one's own data handed over", async () => {
  const { page } = head;
  const teacher = await Person.arrive(browser, server.origin);
  await signIn(teacher, access.staffLink);
  await rail(teacher.page, "Groupes");
  await teacher.page.getByRole("link", { name: "6e allemand" }).waitFor();
  await teacher.page.getByRole("link", { name: "Camille Martin" }).click();
  const files = await handed(teacher.page, 2, () => teacher.page.getByRole("button", { name: "Télécharger mes données" }).click());
  expect(files.get("html")?.toString()).toContain("camille.martin@platanes.example");
  expect(files.get("json")?.toString()).toContain("camille.martin@platanes.example");
  await accessible(teacher.page, "the account, with its data");

  await rail(page, "Établissement");
  await page.getByRole("link", { name: "Personnel" }).click();
  const row = page.getByRole("row", { name: /Camille Martin/ });
  await row.getByRole("button", { name: /^Retirer le rôle enseignement/ }).last().click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Retirer" }).click();
  await page.getByText("Rôle retiré").waitFor();
  const groups = (await ask(teacher.page, "GET", `/schools/${access.school}/groups`)).body.items as { name: string }[];
  expect(groups).toHaveLength(1);

  expect(await page.getByRole("row", { name: /Dominique Leroy/ }).getByRole("button", { name: /Fermer le compte/ }).count(), "nobody closes their own account").toBe(0);
  await row.getByRole("button", { name: "Fermer le compte : Camille Martin" }).click();
  await accessible(page, "closing an account");
  await page.getByRole("alertdialog").getByRole("button", { name: "Fermer le compte" }).click();
  await page.getByText("Compte fermé", { exact: true }).waitFor();
  await row.getByText("(compte fermé)").waitFor();
  for (const size of [narrow, wide]) {
    await page.setViewportSize(size);
    await accessible(page, `a closed account at ${size.width} px`);
  }
  await teacher.page.goto(`${server.origin}/aujourdhui`);
  await teacher.page.waitForURL("**/connexion");
  await expect(server.run("staff", "link", "camille.martin@platanes.example")).rejects.toThrow();
  await row.getByRole("button", { name: "Rouvrir le compte : Camille Martin" }).click();
  await page.getByText("Compte rouvert", { exact: true }).waitFor();
  await signInAs(teacher, server, "camille.martin@platanes.example");
  await teacher.leave();
});

test("the audit trail tells these acts, and names no pupil", async () => {
  const { page } = head;
  await tab(page, "Journal des actes");
  const table = page.getByRole("table", { name: "Actes" });
  await table.waitFor();
  await accessible(page, "the trail");
  const text = await table.innerText();
  for (const act of ["Liste importée", "Données remises à la demande", "Données effacées à la demande", "Compte fermé", "Compte rouvert", "Fonction retirée"]) expect(text).toContain(act);
  expect(text).toContain("Dominique Leroy");
  for (const name of planted) expect(text).not.toContain(name);
  await choose(page, page, "Montrer", "Données personnelles");
  await table.getByText("Liste importée").waitFor({ state: "detached" });
  expect(await table.innerText()).toContain("Données effacées à la demande");
  expect(readdirSync(join(server.dataDir, "backups")).length).toBeGreaterThan(0);
  await head.leave();
});
