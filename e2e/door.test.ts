import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, launchChromium, narrow } from "./browser.ts";
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

async function enter(person: Person, link: string): Promise<void> {
  await person.page.goto(link);
  await person.page.getByRole("button", { name: "Entrer" }).click();
  await person.page.getByRole("button", { name: "Oui, c’est moi" }).click();
}

test("a pupil enters by the slip on a phone, is recognised after a reload, and leaves nothing behind", async () => {
  const pupil = await Person.arrive(browser, server.origin, { viewport: narrow });
  await pupil.page.goto(access.seatLink);
  await pupil.page.getByRole("button", { name: "Entrer" }).waitFor();
  expect(new URL(pupil.page.url()).hash, "the secret left the address bar").toBe("");
  await accessible(pupil.page, "the slip at 360 px");
  await pupil.page.getByRole("button", { name: "Entrer" }).click();
  await pupil.page.getByText("Loutre rêveuse").first().waitFor();
  await accessible(pupil.page, "« C’est bien toi ? » at 360 px");
  await pupil.page.getByRole("button", { name: "Oui, c’est moi" }).click();
  await pupil.page.getByRole("heading", { name: "Bonjour, Loutre rêveuse" }).waitFor();
  await accessible(pupil.page, "the pupil's home at 360 px");
  await pupil.page.reload();
  await pupil.page.getByRole("heading", { name: "Bonjour, Loutre rêveuse" }).waitFor();
  await pupil.page.getByRole("button", { name: "Partir" }).click();
  await pupil.page.getByRole("textbox").waitFor();
  await pupil.page.goto(`${server.origin}/eleve`);
  await pupil.page.getByRole("heading", { name: "Tu n’es pas à l’intérieur" }).waitFor();
  const secret = access.seatLink.split("#")[1] ?? "";
  expect(secret).toHaveLength(22);
  expect(await pupil.sent()).not.toContain(secret);
  await pupil.leave();
});

test("a typed code is forgiving; a wrong one is explained and keeps nobody else out", async () => {
  const first = await Person.arrive(browser, server.origin);
  const second = await Person.arrive(browser, server.origin);
  await first.page.goto(server.origin);
  await first.page.getByRole("textbox").fill("??");
  await first.page.getByRole("button", { name: "Entrer" }).click();
  await first.page.getByText("n’est dans aucun code").waitFor();
  await accessible(first.page, "a code with a wrong character");
  const swapped = access.code.slice(0, -1) + (access.code.endsWith("3") ? "4" : "3");
  await first.page.getByRole("textbox").fill(swapped);
  await first.page.getByRole("button", { name: "Entrer" }).click();
  await first.page.getByText("Ce code ne marche pas").first().waitFor();
  await accessible(first.page, "a wrong code");
  await second.page.goto(server.origin);
  await second.page.getByRole("textbox").fill(` ${access.code.toLowerCase().replace("-", " ")} `);
  await second.page.getByRole("button", { name: "Entrer" }).click();
  await second.page.getByRole("button", { name: "Oui, c’est moi" }).click();
  await second.page.getByRole("heading", { name: "Bonjour, Loutre rêveuse" }).waitFor();
  await second.page.getByRole("button", { name: "Partir" }).click();
  await second.page.getByRole("textbox").waitFor();
  await first.leave();
  await second.leave();
});

test("a second device at the same time waits, and comes in once the first has left", async () => {
  const one = await Person.arrive(browser, server.origin);
  const two = await Person.arrive(browser, server.origin);
  await enter(one, access.secondSeatLink);
  await one.page.getByRole("heading", { name: "Bonjour, Renard attentif" }).waitFor();
  await two.page.goto(access.secondSeatLink);
  await two.page.getByRole("button", { name: "Entrer" }).click();
  await two.page.getByRole("heading", { name: "Attends un petit moment" }).waitFor();
  await accessible(two.page, "a second device that waits");
  await one.page.getByRole("button", { name: "Partir" }).click();
  await two.page.getByRole("button", { name: "Oui, c’est moi" }).click();
  await two.page.getByRole("heading", { name: "Bonjour, Renard attentif" }).waitFor();
  await two.page.getByRole("button", { name: "Partir" }).click();
  await one.leave();
  await two.leave();
});

test("the server killed and started again finds the pupil where they were", async () => {
  const pupil = await Person.arrive(browser, server.origin);
  await enter(pupil, access.seatLink);
  await pupil.page.getByRole("heading", { name: "Bonjour, Loutre rêveuse" }).waitFor();
  await server.killAndRestart();
  await pupil.page.reload();
  await pupil.page.getByRole("heading", { name: "Bonjour, Loutre rêveuse" }).waitFor();
  await pupil.page.getByRole("button", { name: "Partir" }).click();
  await pupil.page.getByRole("textbox").waitFor();
  await pupil.leave();
});
