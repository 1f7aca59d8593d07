import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { Person, accessible, launchChromium, narrow, wide } from "./browser.ts";
import { importPasted, rail, signInAs, unlock } from "./gestures.ts";
import { type Access, Server } from "./server.ts";

const pupils = ["DE LA ROCHEFOUCAULD-MONTMORENCY-LAVAL Marie-Bérengère Constance Apolline", "LI Wu", "VAN DER STRAETEN-WAILLET Maximilien-Alexandre Barthélemy"];
const long = {
  school: "Établissement régional d’enseignement adapté Marie-Madeleine-de-La-Rochefoucauld-Liancourt",
  group: "Groupe interclasses de littérature et d’anglais renforcé",
  person: "Marie-Alexandrine de Montmorency-Laval-Bouteville d’Estrées",
  email: "marie-alexandrine.de-montmorency-laval-bouteville@etablissement-regional.example",
};

let server: Server;
let browser: Browser;
let access: Access;

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  const head = await headAt({});
  await lengthen(head.page);
  await head.leave();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function headAt(options: BrowserContextOptions): Promise<Person> {
  const head = await Person.arrive(browser, server.origin, options);
  await signInAs(head, server, "direction@platanes.example");
  return head;
}

/** Gives everything that has a name the longest that people really bear. */
async function lengthen(page: Page): Promise<void> {
  await page.evaluate(
    async ([school, texts]) => {
      const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
        const answer = await fetch(`/api/v1${path}`, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
        return JSON.parse(text || "null") as T;
      };
      const { items } = await ask<{ items: { yearId: string }[] }>("GET", `/schools/${school}/groups`);
      const { id: _, createdAt: __, ...now } = await ask<Record<string, string>>("GET", `/schools/${school}`);
      await ask("PATCH", `/schools/${school}`, { ...now, name: texts.school });
      await ask("POST", `/schools/${school}/groups`, { name: texts.group, kind: "group", level: "6e", yearId: items[0]?.yearId });
      await ask("PATCH", "/me", { name: texts.person });
      await ask("POST", `/schools/${school}/invitations`, { role: "teacher", scope: "school", scopeId: school, email: texts.email });
    },
    [access.school, long] as const,
  );
}

/** Every page of staff as an address opens it, names closed. */
const pages = (): Record<string, string> => ({
  today: "/aujourdhui",
  groups: "/groupes",
  group: `/groupes/${access.group}`,
  slips: `/groupes/${access.group}/fiches`,
  import: "/groupes/importer",
  names: "/noms",
  school: "/etablissement",
  staff: "/etablissement/personnel",
  years: "/etablissement/annees",
  register: "/donnees",
  retention: "/donnees?vue=conservation",
  person: "/donnees?vue=personne",
  trail: "/donnees?vue=journal",
  map: "/donnees?vue=savoir",
  account: "/compte",
  notice: `/confidentialite?ecole=${access.school}`,
  nowhere: "/nulle-part",
});

async function everyPage(person: Person, how: string): Promise<void> {
  for (const [name, path] of Object.entries(pages())) {
    await person.page.goto(server.origin + path);
    await person.page.getByRole("heading", { level: 1 }).waitFor();
    await person.page.waitForLoadState("networkidle");
    await accessible(person.page, `${name}, ${how}`);
  }
}

test("every page of staff with long names, in the dark", async () => {
  const head = await headAt({ colorScheme: "dark" });
  await everyPage(head, "dark");
  if (process.env.LOOKS) {
    await head.page.setViewportSize(narrow);
    await everyPage(head, "dark, narrow");
  }
  await head.leave();
});

test("every page of staff in English, at 200 %, whatever language the device had", async () => {
  const head = await headAt({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  await head.page.goto(`${server.origin}/compte`);
  const spoken = head.page.waitForResponse((r) => r.url().endsWith("/api/v1/me") && r.request().method() === "PATCH");
  await head.page.getByText("English", { exact: true }).click();
  await head.page.getByRole("button", { name: "Changer la langue" }).click();
  await spoken;
  await head.context.clearCookies({ name: "preau_lang" });
  await head.context.addCookies([{ name: "preau_lang", value: "fr", url: server.origin }]);
  await head.page.goto(`${server.origin}/aujourdhui`);
  await head.page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
  await everyPage(head, "English, 200 %");
  await head.page.goto(`${server.origin}/compte`);
  await head.page.getByText("Français", { exact: true }).click();
  await head.page.getByRole("button", { name: "Change the language" }).click();
  await head.page.getByRole("heading", { level: 1, name: "Mon compte" }).waitFor();
  await head.leave();
});

test("pages that names, dialogs and menus change, narrow, with long names", async () => {
  const head = await headAt({ viewport: narrow });
  const { page } = head;
  await unlock(page, access.phrase);
  await accessible(page, "names, open");
  await page.getByRole("button", { name: "Ouvrir la grille" }).click();
  await page.getByText("Entrée passe à la ligne suivante").waitFor();
  await accessible(page, "names, retyped");
  await importPasted(page, pupils.join("\n"), "6e Marie-Curie");
  await page.getByRole("link", { name: "Imprimer les fiches de 6e Marie-Curie" }).click();
  await page.getByRole("button", { name: "Imprimer 3 fiches" }).waitFor();
  await accessible(page, "slips, open");
  await page.getByRole("button", { name: "Échanger deux fiches" }).click();
  await accessible(page, "slips, exchanged");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Revenir au groupe" }).click();
  await page.getByText("ROCHEFOUCAULD-MONTMORENCY").first().waitFor();
  await page.getByRole("button", { name: "Ouvrir la porte" }).click();
  await page.getByText("Les codes de ce groupe commencent par").waitFor();
  await accessible(page, "group, open");
  await page.getByRole("button", { name: "Projeter" }).click();
  await accessible(page, "group, projected");
  await page.setViewportSize(wide);
  await accessible(page, "group, projected wide");
  await page.keyboard.press("Escape");
  await accessible(page, "group, wide");
  await page.setViewportSize(narrow);
  await page.getByRole("button", { name: /^Plus d’actions : / }).first().click();
  await accessible(page, "group, menu");
  await page.getByRole("menuitem", { name: "Ajouter un élève" }).click();
  await accessible(page, "group, arrival");
  await page.keyboard.press("Escape");
  await rail(page, "Groupes");
  await page.getByRole("button", { name: "Créer un groupe" }).click();
  await accessible(page, "groups, new");
  await page.keyboard.press("Escape");
  await rail(page, "Établissement");
  await page.getByRole("navigation").getByRole("link", { name: "Personnel" }).click();
  await page.getByRole("button", { name: "Inviter" }).click();
  await accessible(page, "staff, inviting");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Donner un rôle : Marie/ }).click();
  await accessible(page, "staff, giving");
  await page.keyboard.press("Escape");
  await page.getByRole("navigation").getByRole("link", { name: "Années" }).click();
  await page.getByRole("button", { name: "Ouvrir une année" }).click();
  await accessible(page, "years, new");
  await page.keyboard.press("Escape");
  await rail(page, "Données");
  await page.getByRole("tab", { name: "Une personne" }).click();
  await page.getByText("Qui cherchez-vous").waitFor();
  await accessible(page, "person, names open");
  await head.leave();
});
