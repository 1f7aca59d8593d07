import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, launchChromium, narrow, wide } from "./browser.ts";
import { rail, signIn } from "./gestures.ts";
import { type Access, Server } from "./server.ts";

let server: Server;
let browser: Browser;
let access: Access;
let head: Person;

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  head = await Person.arrive(browser, server.origin);
  await signIn(head, access.headLink);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test("an address that leads nowhere says so, to anybody", async () => {
  const anybody = await Person.arrive(browser, server.origin, { viewport: narrow });
  for (const person of [anybody, head]) {
    for (const path of ["/nulle-part", "/groupes/0/1/2", "/etablissement/nulle-part"]) {
      if (person === anybody && path !== "/nulle-part") continue;
      await person.page.goto(server.origin + path);
      await person.page.getByRole("heading", { level: 1, name: "Cette page n’existe pas" }).waitFor();
      await accessible(person.page, `${path}, which is nowhere`);
    }
  }
  await head.page.goto(`${server.origin}/groupes/${access.school}`);
  await head.page.getByRole("alert").waitFor();
  await accessible(head.page, "a group that does not exist");
  await anybody.leave();
});

test("while the server is away, pages say since when and keep what they show; when it is back, they go on", async () => {
  const pupil = await Person.arrive(browser, server.origin, { viewport: narrow });
  await pupil.page.goto(access.seatLink);
  await pupil.page.getByRole("button", { name: "Entrer" }).click();
  await pupil.page.getByRole("button", { name: "Oui, c’est moi" }).click();
  await pupil.page.getByRole("heading", { name: "Bonjour, Loutre rêveuse" }).waitFor();
  const door = await Person.arrive(browser, server.origin, { viewport: narrow });
  await door.page.goto(server.origin);
  await door.page.getByRole("heading", { name: "Bonjour, entre ici" }).waitFor();
  await head.page.goto(`${server.origin}/groupes/${access.group}`);
  await head.page.getByText("1 élève entré").waitFor();
  await rail(head.page, "Groupes");
  await head.page.getByRole("link", { name: "6e B", exact: true }).click();
  await head.page.getByText("Loutre rêveuse").first().waitFor();

  await server.kill();
  await door.page.getByRole("textbox").fill(access.code);
  await door.page.getByRole("button", { name: "Entrer" }).click();
  await door.page.getByText("Le serveur n’est pas joignable.").waitFor();
  await accessible(door.page, "the door, out of reach");
  await head.page.getByRole("button", { name: "Fermer la porte" }).click();
  await head.page.getByText(/Hors connexion depuis \d{1,2}\sh\s\d{2}/).waitFor();
  await head.page.getByText("Le serveur n’est pas joignable.").first().waitFor();
  expect(await head.page.getByText("Loutre rêveuse").count(), "what was shown stays").toBeGreaterThan(0);
  for (const size of [wide, narrow]) {
    await head.page.setViewportSize(size);
    await accessible(head.page, `a group, out of reach, at ${size.width} px`);
  }
  await head.page.setViewportSize(wide);
  await rail(head.page, "Aujourd’hui");
  await head.page.getByRole("button", { name: "Réessayer" }).waitFor();
  await accessible(head.page, "today, out of reach");
  await pupil.page.getByRole("button", { name: "Partir" }).click();
  await pupil.page.getByRole("heading", { name: "On ferme ta place" }).waitFor();
  await accessible(pupil.page, "leaving, out of reach");

  await server.restart();
  await head.page.getByText("Hors connexion depuis").waitFor({ state: "detached" });
  await head.page.getByRole("link", { name: "6e B", exact: true }).waitFor();
  await pupil.page.getByRole("heading", { name: "Bonjour, entre ici" }).waitFor();
  await door.page.getByRole("button", { name: "Entrer" }).click();
  await door.page.getByRole("button", { name: "Oui, c’est moi" }).click();
  await door.page.getByRole("heading", { name: "Bonjour, Loutre rêveuse" }).waitFor();
  await door.page.getByRole("button", { name: "Partir" }).click();
  await door.page.getByRole("textbox").waitFor();
  await door.leave();
  await pupil.leave();
});

test("a fault of the server is told with the number under which it is logged", async () => {
  await head.page.goto(`${server.origin}/aujourdhui`);
  await head.page.getByRole("link", { name: "6e B", exact: true }).waitFor();
  // A stop in good order leaves everything in the one file, of which only the first page stays readable.
  await server.kill("SIGTERM");
  await server.restart();
  spoil(join(server.dataDir, "preau.db"));
  await head.page.goto(`${server.origin}/donnees`);
  await head.page.getByRole("heading", { name: "Quelque chose n’a pas fonctionné sur le serveur." }).waitFor();
  await accessible(head.page, "a fault of the server");
  const [, id] = /Numéro à donner à l’administration : ([0-9a-f]+)$/.exec(await head.page.locator(".notice-id").innerText()) ?? [];
  expect(server.output.join("")).toContain(`msg="internal error" id=${id}`);
});

function spoil(file: string): void {
  const fd = openSync(file, "r+");
  writeSync(fd, Buffer.alloc(statSync(file).size - 4096, 0xa5), 0, null, 4096);
  closeSync(fd);
}
