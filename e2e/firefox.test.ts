import puppeteer, { type Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Access, Server } from "./server.ts";

let server: Server;
let browser: Browser;
let access: Access;

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await puppeteer.launch({ browser: "firefox", executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr", headless: true, extraPrefsFirefox: { "intl.accept_languages": "fr-FR, fr" }, args: ["--width=1280", "--height=800"] });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

test("in Firefox, a pupil enters and leaves, and a teacher opens the names", async () => {
  const page = await browser.newPage();
  const elsewhere: string[] = [];
  page.on("request", (r) => {
    if (/^https?:/.test(r.url()) && new URL(r.url()).host !== new URL(server.origin).host) elsewhere.push(r.url());
  });
  await page.goto(access.seatLink);
  await page.locator("main button.button-main").click();
  await page.locator(".child-row button.button-main").click();
  await page.locator("::-p-text(Rien n’est ouvert)").wait();
  await page.locator(".child-top button").click();
  await page.locator("input[name=code]").wait();

  await page.goto(access.staffLink);
  await page.locator("main button").click();
  await page.locator("a[href='/noms']").click();
  await page.locator("input[name=phrase]").fill(access.phrase);
  await page.locator("main button[type=submit]").click();
  await page.locator("::-p-text(Refermer les noms)").setTimeout(90_000).wait();
  await page.locator("a[href='/groupes']").click();
  await page.locator(`a[href='/groupes/${access.group}']`).click();
  await page.locator("::-p-text(Abadie)").setTimeout(60_000).wait();
  expect(elsewhere).toEqual([]);
});
