import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, launchChromium, narrow, wide } from "./browser.ts";
import { type Access, Server } from "./server.ts";
import { rail, signIn, unlock } from "./gestures.ts";

let server: Server;
let browser: Browser;
let access: Access;

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const link = async () => (await server.run("staff", "link", "direction@platanes.example", "--origin", server.origin)).trim();

/** Keeps, in the page, each text that comes into a live region or an alert, as a screen reader would say it. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const live = '[aria-live="polite"], [aria-live="assertive"], [role="alert"], [role="status"]';
    new MutationObserver((changes) => {
      for (const change of changes) {
        const at = change.target instanceof Element ? change.target : change.target.parentElement;
        for (const node of change.type === "characterData" ? [change.target] : change.addedNodes) {
          const own = node instanceof Element && node.matches('[role="alert"]');
          if ((own || at?.closest(live)) && node.textContent) said.push(node.textContent.trim());
        }
      }
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
}

const said = async (page: Page): Promise<string[]> => {
  const texts = await page.evaluate(() => [...(window as unknown as { said: string[] }).said]);
  return texts.map((text) => text.replace(/\s/g, " "));
};
const heard = (page: Page, text: string) => expect.poll(async () => (await said(page)).join("\n"), { timeout: 10_000 }).toContain(text);

/** What has focus, in a few words. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return "body";
    return `${at.tagName.toLowerCase()} ${(at.getAttribute("aria-label") ?? at.textContent ?? "").trim()}`.replace(/\s/g, " ").trim();
  });
const focusOn = (page: Page, what: string | RegExp) => expect.poll(() => focused(page), { timeout: 10_000 }).toMatch(what);

test("the door says what is wrong with a code each time, and each state of a pupil's page takes focus", async () => {
  const pupil = await Person.arrive(browser, server.origin);
  const { page } = pupil;
  await listen(page);
  await page.goto(server.origin);
  await page.getByRole("button", { name: "Entrer" }).press("Enter");
  await focusOn(page, /^input/);
  const field = page.getByRole("textbox", { name: "Ton code" });
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  const described = await field.evaluate((f) => (f.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent).join(" "));
  expect(described).toContain("Écris d’abord le code");

  const short = "Il manque des caractères";
  await field.fill("KRM4");
  for (const times of [1, 2, 3]) {
    await field.press("Enter");
    await expect.poll(async () => (await said(page)).filter((text) => text.startsWith(short)).length, { timeout: 5_000 }).toBe(times);
  }
  const wrong = access.code.slice(0, -1) + (access.code.endsWith("3") ? "4" : "3");
  await field.fill(wrong);
  for (const times of [1, 2]) {
    await field.press("Enter");
    await expect.poll(async () => (await said(page)).filter((text) => text.startsWith("Ce code ne marche pas")).length, { timeout: 60_000 }).toBe(times);
    await focusOn(page, /^input/);
  }
  await field.fill(access.code);
  await field.press("Enter");
  await focusOn(page, "h1 C’est bien toi");
  await page.getByRole("button", { name: "Oui, c’est moi" }).press("Enter");
  await focusOn(page, "h1 Bonjour, Loutre rêveuse");
  await page.getByRole("button", { name: "Partir" }).press("Enter");
  await focusOn(page, "h1 Bonjour, entre ici");
  await pupil.leave();
});

test("a pupil who waits hears that the place is free", async () => {
  const one = await Person.arrive(browser, server.origin);
  const two = await Person.arrive(browser, server.origin);
  await one.page.goto(access.secondSeatLink);
  await one.page.getByRole("button", { name: "Entrer" }).press("Enter");
  await focusOn(one.page, "h1 C’est bien toi");
  await two.page.goto(access.secondSeatLink);
  await two.page.getByRole("button", { name: "Entrer" }).press("Enter");
  await focusOn(two.page, "h1 Attends un petit moment");
  await one.page.getByRole("button", { name: "Non, ce n’est pas moi" }).press("Enter");
  await focusOn(two.page, "h1 C’est bien toi");
  await two.page.getByRole("button", { name: "Non, ce n’est pas moi" }).press("Enter");
  await one.leave();
  await two.leave();
});

test("after an action focus is in the page, and the outcome is said", async () => {
  const head = await Person.arrive(browser, server.origin);
  const { page } = head;
  await listen(page);
  await signIn(head, access.headLink);
  await focusOn(page, "h1 Aujourd’hui");
  await rail(page, "Groupes");
  await page.getByRole("link", { name: "6e B", exact: true }).press("Enter");
  await focusOn(page, "h1 6e B");

  await page.getByRole("button", { name: "Voir les noms" }).press("Enter");
  const phrase = page.getByRole("textbox", { name: "Vos six mots" });
  await phrase.fill("un deux trois");
  await phrase.press("Enter");
  await heard(page, "Il faut six mots");
  const words = access.phrase.split(" ");
  await phrase.fill([...words.slice(0, 2), "xyzzy", ...words.slice(3)].join(" "));
  await phrase.press("Enter");
  await heard(page, "Le mot numéro 3");
  expect(await phrase.getAttribute("aria-invalid")).toBe("true");
  await phrase.fill(access.phrase);
  await phrase.press("Enter");
  await heard(page, "Les noms sont ouverts");
  await focusOn(page, /^h1 6e B/);

  await page.getByRole("button", { name: "Fermer la porte" }).press("Enter");
  await heard(page, "Porte fermée : 6e B");
  await focusOn(page, "h2 Porte");
  await page.getByRole("button", { name: "Ouvrir la porte" }).press("Enter");
  await heard(page, "Porte ouverte : 6e B");
  await focusOn(page, "h2 Porte");

  // The row of the pupil who left is gone: the one that took its rank has focus.
  await page.getByRole("button", { name: "Plus d’actions : Aubert Baptiste" }).press("Enter");
  await page.getByRole("menuitem", { name: "Marquer le départ" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Marquer le départ" }).press("Enter");
  await heard(page, "Départ marqué : Aubert Baptiste");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await focusOn(page, "button Plus d’actions : Barbier Chloé");

  const search = page.getByRole("searchbox");
  await search.fill("abad");
  await heard(page, "1 élève trouvé");

  await page.goto(`${server.origin}/etablissement/personnel`);
  for (const role of ["secrétariat", "modération"]) {
    await page.getByRole("button", { name: "Inviter" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "Inviter quelqu’un" });
    await dialog.getByRole("button", { name: "Créer l’invitation" }).press("Enter");
    await focusOn(page, /^input/);
    await expect.poll(() => dialog.getByText("À choisir : Groupe").count()).toBe(1);
    await dialog.getByRole("button", { name: /Rôle/ }).press("Enter");
    await page.getByRole("option", { name: role }).press("Enter");
    await dialog.getByRole("button", { name: "Créer l’invitation" }).press("Enter");
    await page.getByRole("dialog", { name: "Invitation prête" }).getByRole("button", { name: "Terminer" }).press("Enter");
    await focusOn(page, "button Inviter");
  }
  const revoke = page.getByRole("button", { name: /^Retirer l’invitation/ });
  for (const left of [1, 0]) {
    await revoke.first().press("Enter");
    await page.getByRole("alertdialog").getByRole("button", { name: "Retirer l’invitation" }).press("Enter");
    await expect.poll(() => revoke.count()).toBe(left);
    await focusOn(page, left ? /^button Retirer l’invitation/ : "h1 Personnel");
  }
  expect(await page.getByRole("button", { name: /^Retirer le rôle/ }).evaluateAll((all) => new Set(all.map((b) => b.getAttribute("aria-label"))).size === all.length), "each removal has its own name").toBe(true);

  await page.goto(`${server.origin}/compte`);
  await page.getByRole("radio", { name: "English" }).check({ force: true });
  expect(await page.evaluate(() => document.documentElement.lang), "choosing is not yet changing").toBe("fr");
  await page.getByRole("button", { name: "Changer la langue" }).press("Enter");
  await heard(page, "English");
  await focusOn(page, "button Change the language");
  await page.getByRole("radio", { name: "Français" }).check({ force: true });
  await page.getByRole("button", { name: "Change the language" }).press("Enter");
  await focusOn(page, "button Changer la langue");
  const name = page.getByRole("textbox", { name: "Prénom et nom" });
  await name.fill("Dominique Le Roy");
  await page.getByRole("button", { name: "Enregistrer" }).press("Enter");
  await heard(page, "Profil enregistré");
  await focusOn(page, "button Enregistrer");
  await name.fill("");
  await name.press("Enter");
  await heard(page, "À remplir : Prénom et nom");
  await head.leave();
});

test("a session that ended says so, and leads back to the page that was left", async () => {
  const head = await Person.arrive(browser, server.origin);
  const { page } = head;
  await listen(page);
  await signIn(head, await link());
  await unlockedImport(page);
  await page.context().clearCookies();
  await rail(page, "Établissement").catch(() => undefined);
  await page.waitForURL("**/connexion");
  await heard(page, "Votre session n’est pas ouverte");
  await page.getByRole("button", { name: "Se connecter" }).press("Enter");
  await focusOn(page, /^input/);
  expect(await page.getByText("À remplir : Adresse électronique").count()).toBe(1);
  await page.getByRole("textbox", { name: "Adresse électronique" }).fill("direction");
  await page.getByLabel("Mot de passe", { exact: true }).fill("x");
  await page.getByRole("button", { name: "Se connecter" }).press("Enter");
  await page.getByText("écrivez-la en entier, comme camille@ecole.fr").waitFor();
  await head.leave();
});

/** From the import to the names and back. */
async function unlockedImport(page: Page): Promise<void> {
  await page.goto(`${server.origin}/groupes/importer`);
  await page.getByRole("link", { name: "Ouvrir la page des noms" }).press("Enter");
  const phrase = page.getByRole("textbox", { name: "Vos six mots" });
  await phrase.fill(access.phrase);
  await phrase.press("Enter");
  await page.waitForURL("**/groupes/importer");
  await focusOn(page, "h1 Importer une liste");
  expect(await page.title()).toMatch(/^Étape 1 sur 6/);
}

const main = ["/aujourdhui", "/groupes", "GROUP", "SLIPS", "/noms", "/etablissement", "/etablissement/personnel", "/etablissement/annees", "/donnees", "/compte", "/groupes/importer"];
const addressOf = (path: string) => server.origin + path.replace("GROUP", `/groupes/${access.group}`).replace("SLIPS", `/groupes/${access.group}/fiches`);

async function settle(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
}

/** Goes through the page with Tab and gives what takes focus behind something fixed. */
async function hiddenFocus(page: Page): Promise<string[]> {
  const hidden: string[] = [];
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return "over";
      const shown = at instanceof HTMLInputElement ? (at.closest("label") ?? at) : at;
      const box = shown.getBoundingClientRect();
      // WCAG 2.4.11: some part of it must be seen. Five points of what is within the window are looked at.
      const clip = (v: number, most: number) => Math.min(Math.max(v, 1), most - 1);
      const [l, r, t, b] = [clip(box.left, innerWidth), clip(box.right, innerWidth), clip(box.top, innerHeight), clip(box.bottom, innerHeight)];
      const points: [number, number][] = [[(l + r) / 2, (t + b) / 2], [l + 2, t + 2], [r - 2, t + 2], [l + 2, b - 2], [r - 2, b - 2]];
      const covered = points.filter(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return !top || !(shown.contains(top) || top.contains(shown));
      });
      return covered.length >= 4 ? `${shown.tagName.toLowerCase()} ${(shown.getAttribute("aria-label") ?? shown.textContent ?? "").trim().slice(0, 60)}` : "";
    });
    if (found === "over") break;
    if (found) hidden.push(found);
  }
  return hidden;
}

/** What a thumb must reach and that is smaller than 44 px: not a link within a sentence, not what is only heard. */
const small = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const all = document.querySelectorAll<HTMLElement>('a[href], button, summary, [role="tab"], input:not([type="hidden"]), textarea, select');
    const wrong: string[] = [];
    for (const one of all) {
      if (one.closest('[aria-hidden="true"], .skip, .heard') || !one.checkVisibility() || one.tabIndex < 0 && one.getAttribute("role") !== "tab") continue;
      const pressed = one instanceof HTMLInputElement && /checkbox|radio/.test(one.type) ? (one.closest("label") ?? one) : one;
      const inSentence = pressed.tagName === "A" && pressed.parentElement?.tagName === "P" && (pressed.parentElement.textContent ?? "").trim() !== (pressed.textContent ?? "").trim();
      const { width, height } = pressed.getBoundingClientRect();
      if (width === 0 || inSentence) continue;
      if (height < 43.5 || width < 24) wrong.push(`${pressed.tagName.toLowerCase()} ${(pressed.getAttribute("aria-label") ?? pressed.textContent ?? "").trim().slice(0, 40)} ${Math.round(width)}×${Math.round(height)}`);
    }
    return wrong;
  });

test("at 360 and 320 px nothing takes focus out of sight, and a thumb reaches everything", async () => {
  const head = await Person.arrive(browser, server.origin, { viewport: narrow });
  const { page } = head;
  await signIn(head, await link());
  for (const path of main) {
    await page.setViewportSize(narrow);
    await page.goto(addressOf(path));
    await settle(page);
    expect(await small(page), `small targets of ${path}`).toEqual([]);
    expect(await hiddenFocus(page), `hidden focus on ${path} at 360x740`).toEqual([]);
    await page.setViewportSize({ width: 320, height: 256 });
    await page.reload();
    await settle(page);
    expect(await hiddenFocus(page), `hidden focus on ${path} at 320x256`).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider, `${path} scrolls sideways at 320 px`).toBeLessThanOrEqual(0);
  }
  for (const path of ["/", "/connexion", "/confidentialite"]) {
    await page.setViewportSize(narrow);
    await page.goto(server.origin + path);
    await settle(page);
    expect(await small(page), `small targets of ${path}`).toEqual([]);
  }
  await head.leave();
});

test("a long table goes up under its sticking head without hiding what has focus", async () => {
  const head = await Person.arrive(browser, server.origin, { viewport: wide });
  const { page } = head;
  await signIn(head, await link());
  await unlock(page, access.phrase);
  await rail(page, "Groupes");
  await page.getByRole("link", { name: "6e B", exact: true }).click();
  await page.getByRole("link", { name: "Fiches" }).first().click();
  await page.getByRole("button", { name: /^Imprimer \d+ fiches/ }).waitFor();
  await page.setViewportSize({ width: 1280, height: 420 });
  await page.getByRole("button", { name: /^Remplacer la fiche/ }).last().focus();
  const hidden = await page.evaluate(() => document.querySelectorAll("tbody tr").length);
  expect(hidden).toBeGreaterThan(20);
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Shift+Tab");
    const covered = await page.evaluate(() => {
      const at = document.activeElement;
      const row = at?.closest("tbody tr");
      const stuck = at?.closest("table")?.querySelector("thead th");
      if (!at || !row || !stuck) return false;
      const shown = at.closest("label") ?? at;
      return shown.getBoundingClientRect().top < stuck.getBoundingClientRect().bottom - 1;
    });
    expect(covered, await focused(page)).toBe(false);
  }
  await head.leave();
});

test("forced colours leave what is chosen, current or under focus to be seen", async () => {
  const head = await Person.arrive(browser, server.origin, { forcedColors: "active" });
  const { page } = head;
  await signIn(head, await link());
  const style = (selector: string, property: string, pseudo?: string) =>
    page.locator(selector).first().evaluate((e, [p, q]) => getComputedStyle(e, q || null).getPropertyValue(p as string), [property, pseudo ?? ""]);
  expect(await style('.rail-link[aria-current="page"]', "outline-style")).toBe("solid");
  expect(await style(".rail-link:not([aria-current])", "outline-style")).toBe("none");
  await page.goto(`${server.origin}/compte`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const canvas = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dot = await style(".choice[data-selected] .choice-round", "background-color", "::after");
  const disc = await style(".choice[data-selected] .choice-round", "background-color");
  expect(dot, "the dot of a chosen radio").not.toBe(disc);
  expect(disc, "a chosen radio").not.toBe(await style(".choice:not([data-selected]) .choice-round", "background-color"));
  await page.goto(addressOf("GROUP"));
  await page.getByRole("switch").waitFor({ state: "attached" });
  expect(await style(".switch-track", "background-color", "::before"), "the knob of a switch").not.toBe(await style(".switch-track", "background-color"));
  await page.goto(`${server.origin}/etablissement`);
  await settle(page);
  expect(await style('.tab[aria-current="page"]', "border-bottom-color")).not.toBe(await style(".tab:not([aria-current])", "border-bottom-color"));
  await page.getByRole("button", { name: /Fuseau horaire/ }).press("Enter");
  await page.getByRole("option").first().waitFor();
  const closing = await page.locator(".popover").evaluate((p) => [...(p.parentElement ?? p).querySelectorAll("button")].map((b) => b.getAttribute("aria-label")));
  expect(new Set(closing), "react-aria's own button to close a list").toEqual(new Set(["Fermer"]));
  expect(await style(".list-item[data-focused]", "outline-style"), "the option under focus").toBe("solid");
  expect(canvas).toMatch(/^rgb/);
  await head.leave();
});

test("a name with any letter of Europe is written in one typeface", async () => {
  const visitor = await Person.arrive(browser, server.origin);
  const { page } = visitor;
  await page.goto(server.origin);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.evaluate(async () => {
    const heading = document.querySelector("h1");
    if (heading) heading.textContent = "Ángel FERNÁNDEZ Çağla Łukasz Škoda Ñuño";
    await document.fonts.ready;
  });
  const cdp = await visitor.context.newCDPSession(page);
  await cdp.send("DOM.enable");
  await cdp.send("CSS.enable");
  const { root } = await cdp.send("DOM.getDocument");
  const { nodeId } = await cdp.send("DOM.querySelector", { nodeId: root.nodeId, selector: "h1" });
  const families = async () => [...new Set((await cdp.send("CSS.getPlatformFontsForNode", { nodeId })).fonts.map((f) => f.familyName.replace(/ (Latin|Core|Variable).*/, "")))];
  await expect.poll(families, { timeout: 10_000 }).toEqual([expect.stringMatching(/^Atkinson Hyperlegible Next/)]);
  await visitor.leave();
});
