import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, launchChromium, narrow, wide } from "./browser.ts";
import { goThroughImport, rail, signIn, signInAs, unlock } from "./gestures.ts";
import { foundIn, foundUnder } from "./planted.ts";
import { type Access, Server } from "./server.ts";

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

test("the head finds every page at ease, wide and narrow", async () => {
  const head = await Person.arrive(browser, server.origin);
  await signIn(head, access.headLink);
  for (const path of ["/aujourdhui", "/groupes", `/groupes/${access.group}`, `/groupes/${access.group}/fiches`, "/groupes/importer", "/noms", "/etablissement", "/etablissement/personnel", "/etablissement/annees", "/donnees", "/compte", "/confidentialite", "/nulle-part"]) {
    for (const size of [wide, narrow]) {
      await head.page.setViewportSize(size);
      await head.page.goto(server.origin + path);
      await head.page.getByRole("heading", { level: 1 }).waitFor();
      await head.page.waitForLoadState("networkidle");
      await accessible(head.page, `${path} at ${size.width} px`);
    }
  }
  await head.leave();
});

test("a list is imported, its slips are printed, and its names are nowhere but in the browser", async () => {
  const planted = ["Zéphirine", "Quartzembourg", "Ézéchiel-Marin", "Lapérouse-Verdoyant"];
  const teacherLink = access.staffLink;
  const head = await Person.arrive(browser, server.origin);
  // The first link was used by the test before: the command line makes another.
  await signInAs(head, server, "direction@platanes.example");
  await unlock(head.page, access.phrase.toUpperCase());
  await rail(head.page, "Groupes");
  await head.page.getByRole("link", { name: /Importer/ }).first().click();
  await head.page.locator("input[type=file]").setInputFiles({
    name: "export.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`Nom de famille;Prénom 1;Date de naissance;Division\r\n${planted[1]};${planted[0]};01/02/2015;5e C\r\n${planted[3]};${planted[2]};03/04/2015;5e C\r\n`, "latin1"),
  });
  await goThroughImport(head.page, (step) => accessible(head.page, `the import, « ${step} »`));
  await head.page.getByRole("link", { name: /Imprimer les fiches/ }).click();
  await head.page.getByText(planted[0] ?? "").first().waitFor();
  await accessible(head.page, "the slips of the new class");
  const pdf = await head.page.pdf({ preferCSSPageSize: true, printBackground: true });
  expect(pdf.length).toBeGreaterThan(5_000);

  const teacher = await Person.arrive(browser, server.origin);
  await signIn(teacher, teacherLink);
  await unlock(teacher.page, access.phrase);
  await rail(teacher.page, "Groupes");
  await teacher.page.getByRole("link", { name: /6e B/ }).first().click();
  await teacher.page.getByText("Abadie").first().waitFor();
  await expect.poll(() => teacher.page.getByText("5e C").count()).toBe(0);

  const names = [...planted, "Abadie", "Toussaint"];
  const traces = [
    ...foundIn("what the head's browser sent", Buffer.from(await head.sent(), "latin1"), names),
    ...foundIn("what the teacher's browser sent", Buffer.from(await teacher.sent(), "latin1"), names),
    ...foundIn("what the server printed", Buffer.from(server.output.join("")), names),
    ...foundUnder(server.dataDir, names),
  ];
  expect(traces).toEqual([]);
  await teacher.leave();
  await head.leave();
});
