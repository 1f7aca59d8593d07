import { execFileSync } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person, chromiumPath, launchChromium } from "./browser.ts";
import { signIn } from "./gestures.ts";
import { enter, hears, openLesson, pupilRoom, sees, staffRoom } from "./lesson.ts";
import { Networks, whyNoNetworks } from "./netns.ts";
import { type Access, Server } from "./server.ts";
import { trust } from "./trust.ts";

/*
 * The places, and what lies between them:
 *
 *   server 192.168.77.1 ─┬─ alone   no gateway, no Internet
 *                        ├─ wall ── behind   lets nothing through; its proxy opens port 443 alone
 *                        └─ router ── room   thirty pupils behind the router's one address
 */
const host = "192.168.77.1 preau.test";
const proxy = { address: "10.88.0.1", port: 3128 };

const reason = whyNoNetworks();
if (reason) console.warn(`NOT TESTED, a lesson in the networks of schools: ${reason}`);

describe.skipIf(reason !== null)(`a lesson in the networks of schools${reason ? ` (not tested: ${reason})` : ""}`, () => {
  const home = mkdtempSync(join(tmpdir(), "preau-home-"));
  const ends: (() => Promise<void> | void)[] = [() => rmSync(home, { recursive: true })];
  const nets = new Networks();
  let server: Server;
  let access: Access;

  beforeAll(async () => {
    ends.push(() => nets.remove());
    layOut(nets);
    server = await Server.inside(nets.named("server"), "192.168.77.1");
    ends.push(() => server.stop());
    access = server.access();
    trust(home, readFileSync(join(server.dataDir, "authority/root.crt")));
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  async function browserIn(place: string, ...flags: string[]): Promise<Browser> {
    const browser = await launchChromium(home, { script: nets.script(place, chromiumPath), flags });
    ends.push(() => browser.close());
    return browser;
  }

  test("where UDP is dropped and a proxy opens port 443 alone, teacher and pupil see and hear each other through it", async () => {
    const tunnels: string[] = [];
    const running = nets.start("wall", [process.execPath, resolve(import.meta.dirname, "connect-proxy.mjs"), proxy.address, String(proxy.port)]);
    ends.push(() => void running.kill());
    const lines = createInterface({ input: running.stdout! });
    await new Promise<void>((ready) => lines.on("line", (line) => (line === "ready" ? ready() : tunnels.push(line))));
    expect(reaches(nets, "behind", "192.168.77.1", 443), "a way around the proxy").toBe(false);
    expect(reaches(nets, "behind", proxy.address, proxy.port), "the proxy").toBe(true);

    const browser = await browserIn("behind", `--proxy-server=http://${proxy.address}:${proxy.port}`);
    const { teacher, pupil } = await together(browser, access.seatLink, "Loutre rêveuse");
    for (const page of [teacher.page, pupil.page]) expect(await ways(page)).toEqual([{ local: "relay", by: "tls", server: "turns:preau.test:443?transport=tcp" }]);
    await teacher.page.goto(`${server.origin}/seances/verifier`);
    await teacher.page.getByRole("button", { name: "Essayer" }).click();
    const outcomes = () => teacher.page.locator("[data-outcome]").evaluateAll((all) => all.map((one) => `${one.getAttribute("data-path")} ${one.getAttribute("data-outcome")}`));
    await expect.poll(outcomes, { timeout: 90_000, interval: 500, message: "what the check page finds" }).toEqual(["signal works", "udp blocked", "tcp blocked", "relay works"]);
    await teacher.page.getByText("La séance passera, par un chemin plus lent").first().waitFor();
    expect(nets.met("wall", "filter", "FORWARD", /-p udp .*-j DROP/), "UDP packets that were dropped").toBeGreaterThan(0);
    expect([...new Set(tunnels.filter((line) => line.startsWith("opened")))]).toEqual(["opened preau.test:443"]);
    await teacher.leave();
    await pupil.leave();
    await browser.close();
  });

  test("on a private network without Internet, a lesson goes over UDP, without a relay", async () => {
    expect(nets.in("alone", "ip", "route", "show", "default")).toBe("");
    const browser = await browserIn("alone");
    const { teacher, pupil } = await together(browser, access.secondSeatLink, "Renard attentif");
    for (const page of [teacher.page, pupil.page]) {
      const all = await ways(page);
      expect(all.length).toBeGreaterThan(0);
      for (const way of all) expect(way).toEqual({ local: expect.stringMatching(/^(host|prflx)$/), by: "udp", server: "192.168.77.1" });
    }
    await teacher.leave();
    await pupil.leave();
    await browser.close();
  });

  test("thirty pupils behind one address come in at once, and each receives sound and pictures", async () => {
    const browser = await browserIn("alone");
    const head = await Person.arrive(browser, server.origin);
    await come(head, "direction@platanes.example");
    const auths = await thirtySlips(head.page, access);
    await head.leave();
    const teacher = await Person.arrive(browser, server.origin);
    await come(teacher, "camille.martin@platanes.example");
    const lesson = await openLesson(teacher.page, access);
    await staffRoom(teacher.page, server, access, lesson, { microphone: true, camera: true });

    const program = join(home, "thirty");
    execFileSync("go", ["build", "-o", program, "./e2e/thirty"], { cwd: resolve(import.meta.dirname, "..") });
    const thirty = nets.start("room", [program], { ...process.env, SSL_CERT_FILE: join(server.dataDir, "authority/root.crt") });
    ends.push(() => void thirty.kill());
    let complaints = "";
    thirty.stderr!.on("data", (d: Buffer) => (complaints += d.toString()));
    const result = new Promise<string>((done, fail) => {
      createInterface({ input: thirty.stdout! }).once("line", done);
      thirty.once("exit", (code) => fail(new Error(`thirty ended with ${code}: ${complaints}`)));
    });
    thirty.stdin!.write(`${JSON.stringify({ origin: server.origin, live: `/api/v1/schools/${access.school}/lessons/${lesson}/live`, auths, tracks: 2, packets: 50, seconds: 90 })}\n`);
    const pupils = JSON.parse(await result) as { error?: string; packets: number[]; lost: number }[];
    expect(pupils.filter((p) => p.error !== undefined)).toEqual([]);
    expect(pupils.filter((p) => p.packets.length === 2 && p.packets.every((n) => n >= 50)).length).toBe(30);
    await teacher.page.getByRole("group", { name: "Outils de la séance" }).getByRole("button", { name: /^Personnes/ }).click();
    await teacher.page.getByRole("complementary", { name: "Personnes" }).getByText(/^31 /).waitFor();
    expect(nets.met("router", "nat", "POSTROUTING", /MASQUERADE/), "connections that the router gave its own address").toBeGreaterThan(30);
    thirty.stdin!.end();
    await teacher.leave();
    await browser.close();
  });

  async function come(person: Person, email: string): Promise<void> {
    await signIn(person, (await server.run("staff", "link", email, "--origin", server.origin, "--tls-mode", "local", "--local-names", "preau.test")).trim());
  }

  /** A teacher and a pupil in one lesson, each seen and heard by the other. */
  async function together(browser: Browser, slip: string, pseudonym: string): Promise<{ teacher: Person; pupil: Person }> {
    const [teacher, pupil] = [await Person.arrive(browser, server.origin), await Person.arrive(browser, server.origin)];
    for (const { context } of [teacher, pupil]) await context.addInitScript(keepConnections);
    await come(teacher, "camille.martin@platanes.example");
    const lesson = await openLesson(teacher.page, access);
    await enter(pupil, slip);
    await staffRoom(teacher.page, server, access, lesson, { microphone: true, camera: true });
    await pupilRoom(pupil.page, server, access, lesson, { microphone: true, camera: true });
    await sees(pupil.page, "Camille Martin");
    await hears(pupil.page);
    await sees(teacher.page, pseudonym);
    await hears(teacher.page);
    return { teacher, pupil };
  }
});

function layOut(nets: Networks): void {
  nets.add("server");
  nets.add("alone", host);
  nets.add("wall", host);
  nets.add("behind"); // its proxy looks names up
  nets.add("router");
  nets.add("room", host);
  nets.in("server", "ip", "link", "add", "lan", "type", "bridge");
  nets.in("server", "ip", "address", "add", "192.168.77.1/24", "dev", "lan");
  nets.in("server", "ip", "link", "set", "lan", "up");
  for (const [place, on] of [["alone", "192.168.77.10/24"], ["wall", "192.168.77.20/24"], ["router", "192.168.77.30/24"]] as const) {
    nets.cable({ place: "server", end: place, on: "lan" }, { place, end: "outside", on });
  }
  nets.cable({ place: "wall", end: "inside", on: `${proxy.address}/24` }, { place: "behind", end: "outside", on: "10.88.0.10/24" });
  nets.cable({ place: "router", end: "inside", on: "10.99.0.1/24" }, { place: "room", end: "outside", on: "10.99.0.10/24" });
  nets.in("behind", "ip", "route", "add", "default", "via", proxy.address);
  nets.in("room", "ip", "route", "add", "default", "via", "10.99.0.1");
  for (const place of ["wall", "router"]) nets.in(place, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
  // The server would find the way back: the wall's rules alone stand between.
  nets.in("server", "ip", "route", "add", "10.88.0.0/24", "via", "192.168.77.20");
  nets.in("wall", "iptables", "-A", "FORWARD", "-p", "udp", "-j", "DROP");
  nets.in("wall", "iptables", "-A", "FORWARD", "-j", "DROP");
  nets.in("wall", "iptables", "-A", "INPUT", "-i", "inside", "-p", "tcp", "--dport", String(proxy.port), "-j", "ACCEPT");
  nets.in("wall", "iptables", "-A", "INPUT", "-i", "inside", "-j", "DROP");
  nets.in("router", "iptables", "-t", "nat", "-A", "POSTROUTING", "-o", "outside", "-j", "MASQUERADE");
}

/** Whether a TCP connection can be made from a place. */
function reaches(nets: Networks, place: string, address: string, port: number): boolean {
  const attempt = `const c = require("net").connect({ host: "${address}", port: ${port} }); const say = (w) => { console.log(w); process.exit(); }; c.on("connect", () => say("yes")); c.on("error", () => say("no")); setTimeout(() => say("no"), 3000);`;
  return nets.in(place, process.execPath, "-e", attempt).trim() === "yes";
}

/** Runs before the pages' own scripts, and keeps what they connect. */
function keepConnections(): void {
  const kept: RTCPeerConnection[] = [];
  (globalThis as unknown as { kept: RTCPeerConnection[] }).kept = kept;
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...args: ConstructorParameters<typeof RTCPeerConnection>) {
      super(...args);
      kept.push(this);
    }
  };
}

/** By which ways media pass now, each once. */
function ways(page: Page): Promise<{ local: string; by: string; server: string }[]> {
  return page.evaluate(async () => {
    const found = new Map<string, { local: string; by: string; server: string }>();
    for (const connection of (globalThis as unknown as { kept: RTCPeerConnection[] }).kept) {
      if (connection.connectionState !== "connected") continue;
      const report = new Map<string, Record<string, string>>();
      (await connection.getStats()).forEach((value: { id: string }) => report.set(value.id, value as unknown as Record<string, string>));
      for (const transport of report.values()) {
        if (transport.type !== "transport") continue;
        const pair = report.get(transport.selectedCandidatePairId ?? "");
        const local = report.get(pair?.localCandidateId ?? "");
        const remote = report.get(pair?.remoteCandidateId ?? "");
        const way = { local: local?.candidateType ?? "", by: local?.relayProtocol ?? local?.protocol ?? "", server: local?.url ?? remote?.address ?? "" };
        found.set(JSON.stringify(way), way);
      }
    }
    return [...found.values()];
  });
}

/** Makes thirty seats of the group and gives what derives from their slips for the server. */
async function thirtySlips(page: Page, access: Access): Promise<string[]> {
  const alphabet = "ACDEFGHJKMNPRTVWXY";
  const letter = (i: number) => alphabet[i % alphabet.length] ?? "";
  const auths = Array.from({ length: 30 }, () => randomBytes(32));
  const seats = auths.map((auth, i) => ({
    id: randomUUID(), number: 900 + i, pseudonym: `Essai ${letter(Math.floor(i / alphabet.length))}${letter(i)}`, picture: "otter", groups: [access.group],
    authHash: createHash("sha256").update(auth).digest("base64url"), seatCode: `AAA${letter(Math.floor(i / alphabet.length))}${letter(i)}`,
  }));
  const failure = await page.evaluate(
    async ({ school, id, seats }) => {
      const years = (await (await fetch(`/api/v1/schools/${school}/years`)).json()) as { items: { id: string }[] };
      const answer = await fetch(`/api/v1/schools/${school}/imports`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ id, yearId: years.items[0]?.id, seats }) });
      return answer.ok ? "" : await answer.text();
    },
    { school: access.school, id: randomUUID(), seats },
  );
  expect(failure, "what an import of seats answers").toBe("");
  return auths.map((auth) => auth.toString("base64url"));
}
