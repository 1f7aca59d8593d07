import { readFileSync } from "node:fs";
import { cpus, totalmem, loadavg } from "node:os";
import { expect, test } from "vitest";
import { Person, launchChromium } from "./browser.ts";
import { rail, signIn, unlock } from "./gestures.ts";
import { manyPupils } from "./pupils.ts";
import { Server } from "./server.ts";

// Prints how long 2,000 pupils take to import, from the press to the end.
// Figures are for reading: nothing here fails for being slow.
const pupils = 2000;

test("2,000 pupils", async () => {
  const server = await Server.demo();
  const access = server.access();
  const browser = await launchChromium();
  const head = await Person.arrive(browser, server.origin);
  const { page } = head;
  await page.addInitScript(() => {
    const long = ((globalThis as unknown as { long: number[] }).long = [] as number[]);
    new PerformanceObserver((list) => long.push(...list.getEntries().map((e) => e.duration))).observe({ type: "longtask", buffered: true });
  });
  await signIn(head, access.headLink);
  await unlock(page, access.phrase);
  await rail(page, "Groupes");
  await page.getByRole("link", { name: "Importer une liste" }).click();
  const marks: [string, number][] = [];
  let from = performance.now();
  const mark = (what: string) => {
    marks.push([what, performance.now() - from]);
    from = performance.now();
  };
  await page.locator("input[type=file]").setInputFiles({ name: "liste.csv", mimeType: "text/csv", buffer: Buffer.from(manyPupils(pupils)) });
  const next = page.getByRole("button", { name: /^(Continuer|Chiffrer et envoyer)/ });
  const step = page.locator(".import-step h2");
  await step.filter({ hasText: "Vérifier la lecture" }).waitFor({ timeout: 600_000 });
  mark("the file read");
  for (let at = await step.innerText(); at !== "Chiffrer et envoyer"; at = await step.innerText()) {
    await next.first().click();
    await step.filter({ hasNotText: at }).waitFor({ timeout: 600_000 });
  }
  mark("the steps between, pressed by a machine");
  await page.evaluate(() => void ((globalThis as unknown as { long: number[] }).long.length = 0));
  from = performance.now();
  await next.first().click();
  await page.getByRole("progressbar").first().waitFor();
  await page.getByText("La liste est importée").waitFor({ timeout: 600_000 });
  mark("secrets, sealing and sending");
  const longest = await page.evaluate(() => Math.max(0, ...(globalThis as unknown as { long: number[] }).long));
  // The raw baseline: as many bare key agreements and seals of a record's size in the same browser, on one thread.
  const bare = await page.evaluate(async (pupils) => {
    const began = performance.now();
    const mine = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
    for (let i = 0; i < pupils; i++) {
      const once = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
      const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: mine.publicKey }, once.privateKey, 256);
      const key = await crypto.subtle.importKey("raw", bits, "AES-GCM", false, ["encrypt"]);
      await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, key, new Uint8Array(256));
    }
    return performance.now() - began;
  }, pupils);
  const model = /model name\s*: (.*)/.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "unknown";
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const total = marks.reduce((sum, [, ms]) => sum + ms, 0);
  console.log(
    [
      `machine: ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${model}, load ${loadavg()[0]!.toFixed(1)}`,
      `${pupils} pupils imported: ${seconds(total)} (figure: 60 s at most)`,
      ...marks.map(([what, ms]) => `  ${seconds(ms).padStart(8)}  ${what}`),
      `bare key agreements and seals, as many, one thread: ${seconds(bare)}; the import takes ${(total / bare).toFixed(1)} times that`,
      `longest that the page did not answer while it sealed and sent: ${longest.toFixed(0)} ms`,
    ].join("\n"),
  );
  expect((await head.page.getByText(/2.000 places créées/).count()) > 0, "all were imported").toBe(true);
  await head.leave();
  await browser.close();
  await server.stop();
}, 1_800_000);
