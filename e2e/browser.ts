import { join } from "node:path";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, type Request, chromium } from "playwright-core";
import { expect } from "vitest";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const wide = { width: 1280, height: 800 };
export const narrow = { width: 360, height: 740 };

/**
 * `home`: the folder whose certificates are trusted. `preau.test` is this machine under a name that is not localhost,
 * unless the browser runs elsewhere (`there`: a script that starts it in another network).
 */
export function launchChromium(home?: string, there?: { script: string; flags: string[] }): Promise<Browser> {
  return chromium.launch({
    executablePath: there?.script ?? chromiumPath,
    headless: true,
    env: { ...process.env, ...(home ? { HOME: home } : {}) } as Record<string, string>,
    args: [
      ...(there ? there.flags : ["--host-resolver-rules=MAP preau.test 127.0.0.1, MAP 192.0.2.7 127.0.0.1"]),
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    ],
  });
}

/** One person's browser: its cookies and storage are its own, and all that it asks of the network is kept. */
export class Person {
  readonly requests: Request[] = [];
  /** The addresses of the WebSockets that were opened. */
  readonly sockets: string[] = [];
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly origin: string,
  ) {}

  static async arrive(browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await browser.newContext({ viewport: wide, locale: "fr-FR", timezoneId: "Europe/Paris", ...options });
    const page = await context.newPage();
    const person = new Person(context, page, origin);
    context.on("request", (r) => person.requests.push(r));
    context.on("page", (p) => person.listen(p));
    person.listen(page);
    return person;
  }

  private listen(page: Page): void {
    page.on("websocket", (socket) => this.sockets.push(socket.url()));
    page.on("pageerror", (e) => this.complaints.push(`page error: ${e.message}`));
    page.on("console", (m) => {
      // A refusal by the server that a page handles is also printed by the browser itself.
      // And it says by itself what it refuses to any page at a plain address.
      if (m.type() === "error" && !/Failed to load resource|^WebSocket connection to |URL's origin was untrustworthy/.test(m.text())) this.complaints.push(`console: ${m.text()}`);
    });
  }

  /** Everything that left this browser, as one text: addresses, headers and bodies. */
  async sent(): Promise<string> {
    const all = await Promise.all(
      this.requests.map(async (r) => [r.method(), r.url(), JSON.stringify(await r.allHeaders().catch(() => ({}))), r.postDataBuffer()?.toString("latin1") ?? "", r.postData() ?? ""].join("\n")),
    );
    return all.join("\n");
  }

  /** Every text that came to this browser from the API, as one. */
  async received(): Promise<string> {
    const all = await Promise.all(
      this.requests.filter((r) => r.url().includes("/api/")).map(async (r) => {
        const answer = await r.response().catch(() => null);
        return answer ? await answer.text().catch(() => "") : "";
      }),
    );
    return all.join("\n");
  }

  /** Ends the visit, having checked that nothing left for another origin and that no page complained. */
  async leave(): Promise<void> {
    const elsewhere = [...this.requests.map((r) => r.url()), ...this.sockets].filter((u) => /^(https?|wss?):/.test(u) && new URL(u).host !== new URL(this.origin).host);
    await this.context.close();
    expect(elsewhere, "requests off the origin").toEqual([]);
    expect(this.complaints, "complaints of the pages").toEqual([]);
  }
}

/** Fails with what axe finds wrong on the page as it stands. */
export async function accessible(page: Page, where: string): Promise<void> {
  if (process.env.LOOKS) await page.screenshot({ path: join(process.env.LOOKS, `${where.replace(/\W+/g, "-")}.png`), fullPage: true });
  // Evaluated by the debugger protocol, which the page's content security policy does not bind.
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(where: object, o: object): Promise<{ violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }).axe;
    // Live regions off the screen hold what is being said: they stand outside the landmarks, and
    // react-aria's own refers to a button by its id for seven seconds, also once the button is gone.
    const result = await axe.run({ exclude: ["[data-live-announcer]"] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return result.violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => `    ${n.html.slice(0, 200)}\n    ${n.failureSummary ?? ""}`).join("\n")}`);
  });
  expect(found, `axe at ${where}`).toEqual([]);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider, `${where} scrolls sideways by ${wider} px`).toBeLessThanOrEqual(0);
}

/** Waits until what moves once has stopped, so that no colour is looked at on its way to another. */
async function still(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const drawn = () => new Promise((next) => requestAnimationFrame(next));
    await drawn();
    await drawn();
    const once = document.getAnimations().filter((a) => Number.isFinite(Number(a.effect?.getComputedTiming().endTime)));
    await Promise.all(once.map((a) => a.finished.catch(() => undefined)));
  });
}

/** Checks a state of a page in the light and in the dark. */
export async function accessibleInBoth(page: Page, where: string): Promise<void> {
  await accessible(page, where);
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "dark" });
  await still(page);
  await accessible(page, `${where}, dark`);
  await page.emulateMedia({ colorScheme: null });
  await still(page);
  await page.emulateMedia({ reducedMotion: null });
}
