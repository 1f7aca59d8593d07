import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, launchChromium, narrow, wide } from "./browser.ts";
import { signIn } from "./gestures.ts";
import { Server } from "./server.ts";
import { trust } from "./trust.ts";

const home = mkdtempSync(join(tmpdir(), "preau-home-"));
const stopped: (() => Promise<void>)[] = [];
let local: Awaited<ReturnType<typeof Server.local>>;

beforeAll(async () => {
  local = await Server.local();
  stopped.push(() => local.server.stop());
});
afterAll(async () => {
  for (const stop of stopped.reverse()) await stop();
  rmSync(home, { recursive: true });
});

async function launch(trusting?: string) {
  const browser = await launchChromium(trusting);
  stopped.push(() => browser.close());
  return browser;
}

test("the plain address says what is missing; its certificate, once installed, opens the good one", async () => {
  const { server, plain } = local;
  const stranger = await Person.arrive(await launch(), plain);
  await stranger.page.goto(plain);
  await stranger.page.getByRole("heading", { name: "Préparer cet appareil pour Préau" }).waitFor();
  await stranger.page.getByText("les navigateurs refusent la caméra, le micro et la cryptographie").waitFor();
  expect(await stranger.page.evaluate(() => [isSecureContext, typeof crypto.subtle, typeof navigator.mediaDevices])).toEqual([false, "undefined", "undefined"]);
  expect(await stranger.page.locator("details[open] summary").allInnerTexts()).toEqual(["Linux, ou Firefox sur tout ordinateur"]);
  for (const colorScheme of ["light", "dark"] as const) {
    for (const size of [wide, narrow]) {
      await stranger.page.emulateMedia({ colorScheme });
      await stranger.page.setViewportSize(size);
      await accessible(stranger.page, `the plain address, ${colorScheme}, at ${size.width} px`);
    }
  }
  const fingerprint = await stranger.page.locator(".fingerprint").innerText();
  expect(server.output.join(""), "the fingerprint that the server prints").toContain(fingerprint);
  await stranger.page.getByRole("link", { name: "English" }).click();
  await stranger.page.getByRole("heading", { level: 1, name: "Préau" }).waitFor();
  await accessible(stranger.page, "the plain address in English");
  await expect(stranger.page.goto(server.origin)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");

  const certificate = await fetch(`${plain.replace("preau.test", "127.0.0.1")}/preau.crt`);
  trust(home, Buffer.from(await certificate.arrayBuffer()));
  const trusting = await Person.arrive(await launch(home), server.origin);
  await trusting.page.goto(server.origin);
  await trusting.page.getByRole("heading", { name: "Bonjour, entre ici" }).waitFor();
  await trusting.page.getByRole("button", { name: "Scanner ma fiche" }).waitFor();
  expect(await trusting.page.evaluate(() => [isSecureContext, typeof crypto.subtle])).toEqual([true, "object"]);
  await trusting.page.goto(await server.setupLink());
  await trusting.page.getByRole("heading", { name: "L’établissement" }).waitFor();
  expect((await trusting.context.cookies()).filter((c) => !c.secure)).toEqual([]);
  await trusting.leave();
  await stranger.context.close();
});

test("at a plain address without a local authority, a code gets in, and pages say why a slip or names do not", async () => {
  const server = await Server.demo();
  stopped.push(() => server.stop());
  const access = server.access();
  const plain = (link: string) => link.replace("localhost", "192.0.2.7");
  const browser = await launch();
  const pupil = await Person.arrive(browser, plain(server.origin));
  await pupil.page.goto(plain(access.seatLink));
  await pupil.page.getByText("Cet appareil ne peut pas lire ta fiche à cette adresse").waitFor();
  await accessible(pupil.page, "a slip at a plain address");
  await pupil.page.getByRole("main").getByRole("link", { name: "Taper mon code" }).click();
  expect(await pupil.page.getByRole("button", { name: "Scanner ma fiche" }).count()).toBe(0);
  await pupil.page.getByRole("textbox").fill(access.code);
  await pupil.page.getByRole("button", { name: "Entrer" }).click();
  await pupil.page.getByRole("button", { name: "Oui, c’est moi" }).click();
  await pupil.page.getByRole("heading", { name: "Bonjour, Loutre rêveuse" }).waitFor();
  await pupil.page.getByRole("button", { name: "Partir" }).click();
  await pupil.page.getByRole("textbox").waitFor();
  await pupil.leave();

  const head = await Person.arrive(browser, plain(server.origin));
  await head.page.goto(`${plain(server.origin)}/connexion`);
  await head.page.getByText("Cette adresse n’est pas protégée").waitFor();
  await accessible(head.page, "signing in at a plain address");
  await signIn(head, plain(access.headLink));
  for (const path of ["/noms", "/groupes/importer"]) {
    await head.page.goto(plain(server.origin) + path);
    await head.page.getByText("Cette adresse n’est pas protégée").waitFor();
    await accessible(head.page, `${path} at a plain address`);
  }
  await head.page.goto(`${plain(server.origin)}/groupes/${access.group}`);
  await head.page.getByText("Loutre rêveuse").first().waitFor();
  await head.leave();
});
