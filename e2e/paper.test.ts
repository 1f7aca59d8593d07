import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, accessibleInBoth, launchChromium, narrow, wide } from "./browser.ts";
import { ask, signIn, unlock } from "./gestures.ts";
import { strToU8, zipSync } from "../web/node_modules/fflate/esm/index.mjs";
import { printed } from "./printed.ts";
import { enter } from "./lesson.ts";
import { type Access, Server } from "./server.ts";

// A group on paper: each test goes on where the one before stopped.
let server: Server;
let browser: Browser;
let access: Access;
let teacher: Person;

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  teacher = await Person.arrive(browser, server.origin);
  await signIn(teacher, access.staffLink);
  await unlock(teacher.page, access.phrase);
  await teacher.page.evaluate((path) => {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }, `/evaluations/${access.campaign}/${access.group}?vue=papier`);
  await teacher.page.getByRole("heading", { name: "Cahiers et consignes" }).waitFor();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const blank = (pages: string[]) => pages.flatMap((text, i) => (text.trim().length < 15 ? [i + 1] : []));

test("the booklet, in both prints, is whole, without a blank page and without a name", async () => {
  const { page } = teacher;
  await page.waitForLoadState("networkidle");
  const normal = await printed(page);
  const text = normal.pages.join("\n");
  expect(blank(normal.pages), "blank pages").toEqual([]);
  expect(normal.size).toContain("A4");
  for (let n = 1; n <= 10; n++) expect(text, `question ${n}`).toMatch(new RegExp(`Question ${n}\\b`));
  expect(text).not.toMatch(/Question 11\b/);
  expect(text).toContain("Coche une case.");
  expect(text).toContain("C’est fini.");
  expect(text, "what the screen has").not.toContain("Grille de saisie");
  expect(text).not.toContain("Quitterie");
  // Black on white: nothing of the sheet takes another colour, also for who reads in the dark.
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const colours = await page.locator(".paper-sheet *").evaluateAll((all) => [...new Set(all.filter((e) => !(e instanceof SVGElement)).map((e) => getComputedStyle(e).color))]);
  expect(colours).toEqual(["rgb(0, 0, 0)"]);
  const ground = await page.evaluate(() => [document.documentElement, document.body, document.querySelector(".paper-sheet")!].map((e) => getComputedStyle(e).backgroundColor));
  expect(ground).toEqual(["rgb(255, 255, 255)", "rgb(255, 255, 255)", "rgb(255, 255, 255)"]);
  await page.emulateMedia({ media: null, colorScheme: null });

  await page.getByText("Cahier en gros caractères").click();
  const large = await printed(page);
  expect(blank(large.pages), "blank pages in large print").toEqual([]);
  expect(large.pages.length).toBeGreaterThan(normal.pages.length);
  expect(await page.locator(".paper-sheet[data-large]").count()).toBe(1);
});

test("a booklet for each pupil bears seat and pseudonym, and the name only when it is asked for", async () => {
  const { page } = teacher;
  await page.getByText("Cahier de l’élève").click();
  await page.getByText("Un cahier par élève").click();
  const without = (await printed(page)).pages.join("\n");
  expect(without.match(/C’est fini\./g)).toHaveLength(26);
  expect(without).toContain("Renard attentif");
  expect(without).not.toContain("Lacombe");
  await page.getByText("Avec le nom, joint par ce navigateur").click();
  const named = await printed(page);
  expect(blank(named.pages)).toEqual([]);
  expect(named.pages.join("\n")).toContain("Lacombe");
  expect(await teacher.sent()).not.toContain("Lacombe");
  await page.getByText("Un cahier par élève").click();
});

test("the adult's script says what to read aloud, question by question", async () => {
  const { page } = teacher;
  await page.getByText("Consignes de l’adulte").click();
  const script = await printed(page);
  const text = script.pages.join("\n");
  expect(blank(script.pages)).toEqual([]);
  expect(text).toContain("Vous avez 30 minutes");
  expect(text).toContain("Faites écouter l’enregistrement deux fois");
  for (let n = 1; n <= 10; n++) expect(text).toMatch(new RegExp(`Question ${n}\\b.*Repère`));
  await page.getByText("Cahier de l’élève").click();
});

test("a sample is keyed again blind, and an adult decides where the two differ", async () => {
  const { page } = teacher;
  const first = page.getByRole("region", { name: "Grille de saisie" });
  for (const n of [1, 2]) await first.getByRole("textbox", { name: `Renard attentif, question ${n}`, exact: true }).fill("1");
  await page.getByRole("textbox", { name: /^Part des copies/ }).fill("10");
  await expect.poll(async () => {
    if (await page.getByText("1 copie tirée au sort").isVisible()) return true;
    await page.getByRole("button", { name: "Tirer au sort" }).click();
    await page.waitForTimeout(300);
    return page.getByText("1 copie tirée au sort").isVisible();
  }).toBe(true);
  const second = page.getByRole("region", { name: "Deuxième saisie" });
  const cell = (n: number) => second.getByRole("textbox", { name: `Renard attentif, question ${n}, deuxième saisie` });
  expect(await cell(1).inputValue(), "the first keying is not shown").toBe("");
  await cell(1).fill("1");
  await cell(2).fill("0");
  await page.getByText("Accord : 1 sur 2 cases").waitFor();
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    await accessibleInBoth(page, `paper at ${size.width} px`);
  }
  await page.setViewportSize(wide);
  await page.getByRole("button", { name: "Décider 0 : Renard attentif, question 2" }).click();
  await page.getByRole("table", { name: "Cases saisies autrement" }).getByText("0").last().waitFor();
  await expect.poll(() => page.getByRole("button", { name: /^Décider/ }).count()).toBe(0);
  await page.getByText("Accord : 1 sur 2 cases").waitFor();
  await accessible(page, "a decision on paper");
});

test("a pupil reads aloud for a minute on a phone; the network is lost meanwhile, and nothing tapped is", async () => {
  const { page } = teacher;
  await page.getByRole("tab", { name: "À voix haute" }).click();
  await page.getByRole("button", { name: "Faire lire Renard attentif" }).waitFor();
  const text = await printed(page);
  expect(text.pages).toHaveLength(1);
  expect(text.pages[0]).toContain("cent quarante marches");
  await page.setViewportSize(narrow);
  await accessibleInBoth(page, "who reads aloud at 360 px");
  await page.clock.install();
  await page.getByRole("button", { name: "Faire lire Renard attentif" }).click();
  await accessible(page, "before the minute");
  await page.getByRole("button", { name: "Démarrer la minute" }).click();
  await teacher.context.setOffline(true);
  for (const n of [3, 9]) await page.getByRole("button", { name: new RegExp(`^${n}[^\\d]`) }).click();
  await page.clock.runFor(30_000);
  await page.getByText(/gardés? dans ce navigateur/).waitFor();
  await accessibleInBoth(page, "a reading without network at 360 px");
  await page.clock.runFor(31_000);
  await page.getByText("Lu en 60 secondes").waitFor();
  await page.getByRole("button", { name: /^80[^\d]/ }).click();
  await page.waitForTimeout(300); // the button has its colour
  await accessibleInBoth(page, "after the minute at 360 px");
  await teacher.context.setOffline(false);
  await page.getByRole("button", { name: "Enregistrer la lecture" }).click();
  await page.clock.runFor(20_000);
  await page.getByText("78 mots corrects par minute (78 en 60 s)").waitFor();

  // Read again: the earlier one is kept, the text ends before the minute.
  await page.getByRole("button", { name: "Recommencer la lecture de Renard attentif" }).click();
  await page.getByRole("button", { name: "Démarrer la minute" }).click();
  await page.clock.runFor(30_000);
  await page.getByRole("button", { name: "Le texte est fini" }).click();
  await page.getByRole("button", { name: "Enregistrer la lecture" }).click();
  await page.clock.runFor(5_000);
  await page.getByText("1 autre lecture gardée").waitFor();
  await page.getByRole("button", { name: "État de Loutre rêveuse" }).click();
  await page.getByRole("menuitem", { name: "À rattraper" }).click();
  await page.clock.runFor(1_000);
  await page.getByRole("row", { name: /Loutre rêveuse/ }).getByText("À rattraper").waitFor();
  await page.setViewportSize(wide);
  await accessibleInBoth(page, "who reads aloud at 1280 px");
});

/** Keeps on the page what is given to the printer, so that it can be printed here. */
async function hold(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.print = () => {
      for (const old of document.querySelectorAll(".held")) old.remove();
      const sheet = document.querySelector(".paper-sheet, .slips-sheet:not(:empty)")!.cloneNode(true) as HTMLElement;
      sheet.classList.add("held");
      document.body.append(sheet);
    };
  });
}

test("the pages of all families are one document, a page each, with names joined here", async () => {
  const { page } = teacher;
  await page.clock.resume();
  // Both pupils' papers are keyed whole.
  const seats = (await ask(page, "GET", `/schools/${access.school}/groups/${access.group}`)).body.seats as { id: string; pseudonym: string }[];
  const campaign = (await ask(page, "GET", `/schools/${access.school}/campaigns/${access.campaign}`)).body as { takenId: string; policy: { sequences: { parts: string[] }[] } };
  const questions = (await ask(page, "GET", `/schools/${access.school}/tests/${campaign.takenId}`)).body.questions as { key: string; part: string }[];
  for (const who of ["Renard attentif", "Loutre rêveuse"]) {
    const seat = seats.find((one) => one.pseudonym === who)!.id;
    for (const [sequence, { parts }] of campaign.policy.sequences.entries()) {
      for (const [i, q] of questions.filter((one) => one.part === parts[0]).entries()) {
        const done = await ask(page, "PUT", `/schools/${access.school}/campaigns/${access.campaign}/groups/${access.group}/rooms/${sequence}/grid/${seat}`, { question: q.key, code: i % 3 === 0 ? "0" : "1" });
        expect(done.status).toBe(204);
      }
    }
  }
  await page.getByRole("tab", { name: "Résultats" }).click();
  await hold(page);
  await page.getByRole("button", { name: "Imprimer les pages de 2 familles" }).click();
  const paper = await printed(page);
  expect(paper.pages, "a page a family").toHaveLength(2);
  expect(blank(paper.pages)).toEqual([]);
  for (const text of paper.pages) {
    expect(text.replaceAll(/\s+/g, " ")).toContain("Elle ne donne ni note ni classement");
    expect(text).toContain("Écrivez à la direction");
  }
  const all = paper.pages.join("\n");
  expect(all).toContain("mots lus correctement en une minute");
  expect(all, "names are joined").not.toContain("Place ");
  expect(all).not.toContain("Par question");
  await page.evaluate(() => document.querySelector(".held")?.remove());
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    await accessibleInBoth(page, `results with pages for families at ${size.width} px`);
  }
  await page.setViewportSize(wide);
});

/** What a link opens: a pseudonym, or a refusal. */
async function opens(link: string): Promise<string> {
  const pupil = await Person.arrive(browser, server.origin, { viewport: narrow });
  const { page } = pupil;
  await page.goto(link);
  await page.getByRole("button", { name: "Entrer" }).click();
  const who = page.locator(".child-pseudonym");
  const refusal = page.locator(".notice-brick, .field-error, [role=alert]").filter({ hasText: /\S/, visible: true }).first();
  await who.or(refusal).first().waitFor();
  const found = (await who.isVisible()) ? await who.innerText() : "refused";
  if (await who.isVisible()) await page.getByRole("button", { name: "Non, ce n’est pas moi" }).click();
  await page.waitForLoadState("networkidle");
  await pupil.leave();
  return found;
}

test("a spare slip opens nothing until it is attached to a seat, whose lost slip is refused from then on", async () => {
  const { page } = teacher;
  await page.getByRole("tab", { name: "Salle" }).click();
  await page.getByRole("link", { name: "Fiche perdue" }).click();
  await page.getByRole("heading", { name: "Fiches de réserve" }).waitFor({ timeout: 60_000 });
  await hold(page);
  await page.getByRole("textbox", { name: /^Nombre de fiches/ }).fill("3");
  await page.getByRole("button", { name: "Imprimer des fiches de réserve" }).click();
  await page.locator(".held").waitFor({ state: "attached" });
  await page.locator(".slips-sheet:not(.held)").evaluate((slips) => void ((slips as HTMLElement).style.display = "none"));
  const paper = await printed(page);
  await page.locator(".slips-sheet:not(.held)").evaluate((slips) => void ((slips as HTMLElement).style.display = ""));
  expect(paper.pages).toHaveLength(1);
  const keys = [...new Set(paper.pages.join("\n").match(/(?:[\w-]{4} ){5}[\w-]{2}\b/g) ?? [])];
  expect(keys).toHaveLength(3);
  expect(paper.pages.join("\n").match(/N’ouvre rien avant/g)).toHaveLength(3);
  await page.evaluate(() => document.querySelector(".held")?.remove());
  expect(await page.content(), "a printed spare is not kept").not.toContain(keys[0]!);
  const link = `${server.origin}/p#${keys[0]!.replaceAll(" ", "")}`;
  expect(await opens(link), "before it is attached").toBe("refused");
  expect(await opens(access.secondSeatLink)).toBe("Renard attentif");

  const named = async (pseudonym: string) => (await page.getByRole("row").filter({ hasText: pseudonym }).getByRole("rowheader").innerText()).trim();
  const [fox, otter] = [await named("Renard attentif"), await named("Loutre rêveuse")];
  await page.getByRole("button", { name: "Attacher une fiche de réserve" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: /^Élève qui a perdu sa fiche/ }).fill(fox);
  await page.getByRole("option").filter({ hasText: "Renard attentif" }).click();
  const key = dialog.getByRole("textbox", { name: /^Clé de la fiche de réserve/ });
  await key.fill("pas une clé");
  await dialog.getByRole("button", { name: "Attacher" }).click();
  await dialog.getByText("il faut ses 22 signes").first().waitFor();
  for (const size of [narrow, wide]) {
    await page.setViewportSize(size);
    await accessible(page, `attaching a spare slip at ${size.width} px`);
  }
  await key.fill(keys[0]!);
  await dialog.getByRole("button", { name: "Attacher" }).click();
  await page.getByText("La fiche de réserve ouvre maintenant la place de Renard attentif").waitFor();
  expect(await opens(link)).toBe("Renard attentif");
  expect(await opens(access.secondSeatLink), "the lost slip").toBe("refused");

  // The same paper opens no second seat.
  await page.getByRole("button", { name: "Attacher une fiche de réserve" }).click();
  await dialog.getByRole("combobox", { name: /^Élève qui a perdu sa fiche/ }).fill(otter);
  await page.getByRole("option").filter({ hasText: "Loutre rêveuse" }).click();
  await key.fill(keys[0]!);
  await dialog.getByRole("button", { name: "Attacher" }).click();
  await dialog.locator("[role=alert], .field-error, .notice-brick").filter({ hasText: /\S/, visible: true }).first().waitFor();
  await page.keyboard.press("Escape");
  expect(await opens(access.seatLink)).toBe("Loutre rêveuse");
  const sent = await teacher.sent();
  for (const one of keys) expect(sent, "the secret of a spare").not.toContain(one.replaceAll(" ", ""));
  await page.setViewportSize(narrow);
  await accessible(page, "slips and spares at 360 px");
  await page.setViewportSize(wide);
});

/** A test that asks for one text. */
function longTest(): Uint8Array {
  const item = `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="raconter" title="Raconter une matinée" xml:lang="fr" adaptive="false" time-dependent="false"><qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="string"/><qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/><qti-item-body><qti-extended-text-interaction response-identifier="RESPONSE" expected-lines="8"><qti-prompt>Raconte une matinée d’automne.</qti-prompt></qti-extended-text-interaction></qti-item-body></qti-assessment-item>`;
  const whole = `<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="ecrire" title="Écrire"><qti-test-part identifier="ecrire-1" navigation-mode="nonlinear" submission-mode="individual"><qti-assessment-section identifier="s" title="Écrire" visible="true"><qti-assessment-item-ref identifier="raconter" href="raconter.xml" category="ecrire"/></qti-assessment-section></qti-test-part></qti-assessment-test>`;
  const manifest = `<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m"><organizations/><resources><resource identifier="t" type="imsqti_test_xmlv3p0" href="test.xml"><file href="test.xml"/></resource><resource identifier="i" type="imsqti_item_xmlv3p0" href="raconter.xml"><file href="raconter.xml"/></resource></resources></manifest>`;
  return zipSync({ "imsmanifest.xml": strToU8(manifest), "test.xml": strToU8(whole), "raconter.xml": strToU8(item) });
}

test("long answers are marked by two adults, blind of each other, and their agreement is shown", async () => {
  const head = await Person.arrive(browser, server.origin);
  const { page } = head;
  await signIn(head, access.headLink);
  const test = await page.evaluate(async ([school, bytes]) => {
    const answer = await fetch(`/api/v1/schools/${school}/tests`, { method: "POST", headers: { "Content-Type": "application/zip" }, body: new Uint8Array(bytes as number[]) });
    return ((await answer.json()) as { package: { id: string } }).package.id;
  }, [access.school, [...longTest()]] as const);
  const now = Date.now();
  const policy = { sequences: [], calculator: false, askEach: false, showResults: true, upward: "nothing", controller: "x", basis: "x", notice: "x", objection: "x" };
  const made = await ask(page, "POST", `/schools/${access.school}/campaigns`, { packageId: test, title: "Écrire un texte", opensAt: now - 60_000, closesAt: now + 86_400_000, groups: [access.group], policy });
  const campaign = made.body.id as string;
  const address = `/evaluations/${campaign}/${access.group}`;
  await ask(page, "PUT", `/schools/${access.school}/campaigns/${campaign}/groups/${access.group}/rooms/0`, { open: true });

  const pupil = await Person.arrive(browser, server.origin, { viewport: narrow });
  await enter(pupil, access.seatLink);
  await pupil.page.getByRole("link", { name: /^Aller à l’évaluation : Écrire/ }).click({ timeout: 30_000 });
  await pupil.page.getByRole("button", { name: "Commencer" }).click();
  await pupil.page.getByRole("textbox").fill("Le brouillard couvrait la cour.");
  await pupil.page.getByRole("button", { name: /toutes/ }).waitFor();
  await pupil.page.getByRole("button", { name: "Rendre" }).click();
  await pupil.page.getByRole("alertdialog").getByRole("button", { name: "Rendre" }).click();
  await pupil.page.getByRole("heading", { name: "C’est fini" }).waitFor();
  await pupil.context.close();

  await page.goto(`${server.origin}${address}?vue=longues`);
  await page.getByRole("button", { name: "Poser la grille" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: /^Ce qu’on regarde/ }).nth(0).fill("Sens");
  await dialog.getByRole("textbox", { name: /^Niveaux/ }).nth(0).fill("0 Absent\n1 Partiel\n3 Clair");
  await dialog.getByRole("textbox", { name: /^Ce qu’on regarde/ }).nth(1).fill("Langue");
  await dialog.getByRole("textbox", { name: /^Niveaux/ }).nth(1).fill("rien");
  await dialog.getByRole("button", { name: "Poser la grille" }).click();
  await dialog.getByText(/chacune commence par ses points/).first().waitFor();
  for (const size of [narrow, wide]) {
    await page.setViewportSize(size);
    await accessible(page, `a rubric at ${size.width} px`);
  }
  await dialog.getByRole("textbox", { name: /^Niveaux/ }).nth(1).fill("0 Fragile\n1 Correcte");
  await dialog.getByRole("button", { name: "Poser la grille" }).click();
  await page.getByText("Deux adultes corrigent chaque réponse").waitFor();

  const mark = async (who: Person, sense: string) => {
    await who.page.getByRole("button", { name: "Corriger Loutre rêveuse" }).click();
    await who.page.getByText("Le brouillard couvrait la cour.").waitFor();
    await who.page.getByRole("dialog").getByText(sense).click();
    await who.page.getByRole("dialog").getByText("1 pt : Correcte").click();
    await accessible(who.page, `marking a long answer (${sense})`);
    await who.page.getByRole("button", { name: "Enregistrer la correction" }).click();
  };
  await mark(head, "3 pt : Clair");
  await page.getByText("Corrigée par vous, attend l’autre").waitFor();
  const other = teacher.page;
  await other.goto(`${server.origin}${address}?vue=longues`);
  await other.getByText("Attend la deuxième correction").waitFor();
  const blind = await ask(other, "GET", `/schools/${access.school}/campaigns/${campaign}/groups/${access.group}/markings`);
  expect(JSON.stringify(blind.body), "what the first marked").not.toMatch(/"(first|mine|final)":\[/);
  await mark(teacher, "1 pt : Partiel");
  await other.getByText("Les deux corrections diffèrent").waitFor();
  await other.getByText("Accord sur 1 réponse corrigée deux fois").waitFor();
  await other.getByText(/Langue.: même niveau 100.%/).waitFor();
  for (const size of [wide, narrow]) {
    await other.setViewportSize(size);
    await accessibleInBoth(other, `long answers at ${size.width} px`);
  }

  // A third adult, who sees what the two said, decides; then it counts.
  const me = (await ask(page, "GET", "/me")).body as { staff: { id: string } };
  const third = await Person.arrive(browser, server.origin);
  await signIn(third, access.dpoLink);
  const dpo = (await ask(third.page, "GET", "/me")).body as typeof me;
  const given = await ask(page, "POST", `/schools/${access.school}/staff/${dpo.staff.id}/grants`, { role: "teacher", scope: "group", scopeId: access.group });
  expect(given.status, JSON.stringify(given.body)).toBeLessThan(300);
  await third.page.goto(`${server.origin}${address}?vue=longues`);
  await third.page.getByRole("button", { name: "Décider pour Loutre rêveuse" }).click();
  await third.page.getByText("Première correction : Clair. Deuxième : Partiel.").waitFor();
  await accessible(third.page, "deciding on a long answer");
  await third.page.getByRole("dialog").getByText("1 pt : Partiel").click();
  await third.page.getByRole("dialog").getByText("1 pt : Correcte").click();
  await third.page.getByRole("button", { name: "Enregistrer la décision" }).click();
  await third.page.getByText("2 sur 4").waitFor();
  await third.leave();
  await head.leave();
});

test("what was tapped is sent by a page that was closed and opened again", async () => {
  const { page } = teacher;
  await page.clock.resume();
  const voice = `${server.origin}/evaluations/${access.campaign}/${access.group}?vue=voix`;
  await page.goto(voice);
  await page.route("**/readings/**", (route) => route.abort());
  await page.getByRole("button", { name: "Faire lire Cerf courageux" }).click();
  await page.getByRole("button", { name: "Démarrer la minute" }).click();
  await page.getByRole("button", { name: /^5[^\d]/ }).click();
  await page.waitForTimeout(2_000);
  await page.getByRole("button", { name: "Le texte est fini" }).click();
  await page.getByRole("button", { name: "Enregistrer la lecture" }).click();
  await page.getByText(/gardés? dans ce navigateur/).waitFor();
  await page.goto(`${server.origin}/aujourdhui`);
  await page.unroute("**/readings/**");
  await page.goto(voice);
  await page.getByRole("row", { name: /Cerf courageux/ }).getByText(/\(146 en \d s\)/).waitFor();
});
