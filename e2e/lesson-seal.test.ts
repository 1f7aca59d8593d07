import type { Browser, Page } from "playwright-core";
import puppeteer, { type Browser as Firefox } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Person, accessible, launchChromium } from "./browser.ts";
import { enter, goIn, hears, openLesson, pupilRoom, sees } from "./lesson.ts";
import { type Access, Server } from "./server.ts";
import { rail, signIn, unlock } from "./gestures.ts";

let server: Server;
let browser: Browser;
let access: Access;
let teacher: Person;
let pupil: Person;
let lesson: string;

beforeAll(async () => {
  server = await Server.demo();
  access = server.access();
  browser = await launchChromium();
  teacher = await Person.arrive(browser, server.origin);
  pupil = await Person.arrive(browser, server.origin);
  await signIn(teacher, access.staffLink);
  lesson = await openLesson(teacher.page, access);
  await unlock(teacher.page, access.phrase);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const sealed = (page: Page) => page.getByRole("button", { name: "Chiffré entre nous" });

/** Whether what a picture shows is the fake camera's, which is green. */
function isCamera(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>(".tile-large video");
    const canvas = document.createElement("canvas");
    canvas.width = 64;
    canvas.height = 36;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!video || !context || video.videoWidth === 0) return false;
    context.drawImage(video, 0, 0, 64, 36);
    const { data } = context.getImageData(0, 0, 64, 36);
    let green = 0;
    for (let i = 0; i < data.length; i += 4) if ((data[i + 1] ?? 0) > 90 && (data[i] ?? 0) < 110 && (data[i + 2] ?? 0) < 90) green++;
    return green > 64 * 36 * 0.6;
  });
}

/** Bytes of pictures that came from the engine, as the browser counts them. */
function received(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let bytes = 0;
    for (const connection of (globalThis as unknown as { connections: RTCPeerConnection[] }).connections) {
      for (const stat of (await connection.getStats()).values() as Iterable<{ type: string; kind?: string; bytesReceived?: number }>) {
        if (stat.type === "inbound-rtp" && stat.kind === "video") bytes += stat.bytesReceived ?? 0;
      }
    }
    return bytes;
  });
}

test("a lesson whose teacher has the names open is sealed, and the code is the same for all", async () => {
  await rail(teacher.page, "Séances");
  await teacher.page.getByRole("link", { name: "Rejoindre : Fractions" }).click();
  await goIn(teacher.page, { microphone: true, camera: true });
  await sealed(teacher.page).waitFor({ timeout: 60_000 });
  await enter(pupil, access.seatLink);
  await pupilRoom(pupil.page, server, access, lesson);
  await sealed(pupil.page).waitFor({ timeout: 60_000 });
  await sees(pupil.page, "Camille Martin");
  await hears(pupil.page);
  expect(await isCamera(pupil.page)).toBe(true);

  await sealed(teacher.page).click();
  await accessible(teacher.page, "what protects a lesson");
  await teacher.page.getByRole("button", { name: "Comparer le code de sécurité" }).click();
  const code = (page: Page) => page.locator(".security-code");
  await code(teacher.page).waitFor({ timeout: 30_000 });
  await code(pupil.page).waitFor({ timeout: 30_000 });
  const digits = await code(teacher.page).innerText();
  expect(digits).toMatch(/^\d{3} \d{3}$/);
  expect(await code(pupil.page).innerText()).toBe(digits);
  await accessible(pupil.page, "the security code");
});

test("frames as the engine forwards them show nothing without the key, and do with it", async () => {
  const thief = await Person.arrive(browser, server.origin);
  // A browser that is told that the lesson is not sealed and gives every frame to its decoder.
  await thief.page.addInitScript(() => {
    const state = { connections: [] as RTCPeerConnection[], blind: true };
    Object.assign(globalThis, state);
    const Connection = RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Connection {
      constructor(options?: RTCConfiguration) {
        super(options);
        (globalThis as unknown as { connections: RTCPeerConnection[] }).connections.push(this);
      }
    };
    const Socket = WebSocket;
    globalThis.WebSocket = class extends Socket {
      override set onmessage(heard: ((this: WebSocket, e: MessageEvent) => unknown) | null) {
        super.onmessage = heard && ((e: MessageEvent) => {
          if (typeof e.data !== "string" || !(globalThis as unknown as { blind: boolean }).blind) return heard.call(this, e);
          const frame = JSON.parse(e.data) as { ev?: string; sig?: string; lesson?: { sealed: boolean } };
          if (frame.ev === "sealed" || frame.sig === "key") return undefined;
          if (frame.lesson) frame.lesson.sealed = false;
          return heard.call(this, new MessageEvent("message", { data: JSON.stringify(frame) }));
        });
      }
    };
  });
  await enter(thief, access.secondSeatLink);
  await pupilRoom(thief.page, server, access, lesson);
  await thief.page.getByRole("button", { name: "Protégée jusqu’au serveur" }).waitFor();
  await expect.poll(() => received(thief.page), { timeout: 60_000, interval: 500 }).toBeGreaterThan(50_000);
  for (let look = 0; look < 6; look++) {
    expect(await isCamera(thief.page), "a picture without the key").toBe(false);
    await thief.page.waitForTimeout(500);
  }
  // The same browser, honest again: the key comes, and the picture with it.
  await thief.page.evaluate(() => ((globalThis as unknown as { blind: boolean }).blind = false));
  await thief.page.getByRole("button", { name: "Quitter" }).click();
  await thief.page.getByRole("dialog").getByRole("button", { name: "Quitter" }).click();
  await thief.page.getByRole("button", { name: "Revenir dans la séance" }).click();
  await goIn(thief.page);
  await sealed(thief.page).waitFor({ timeout: 60_000 });
  await expect.poll(() => isCamera(thief.page), { timeout: 60_000, interval: 500 }).toBe(true);
  await thief.page.getByRole("button", { name: "Quitter" }).click();
  await thief.page.getByRole("dialog").getByRole("button", { name: "Quitter" }).click();
  await thief.page.goto(`${server.origin}/eleve`);
  await thief.page.getByRole("button", { name: "Partir" }).click();
  await thief.page.getByRole("textbox").waitFor();
  await thief.context.close();
  // Whoever stays goes on with the key that was made since.
  await sees(pupil.page, "Camille Martin");
  await hears(pupil.page);
});

test("a teacher whose page is loaded again has nothing until the names are open, then makes another key", async () => {
  await teacher.page.reload();
  await goIn(teacher.page);
  await teacher.page.getByRole("button", { name: "Clé attendue" }).waitFor({ timeout: 30_000 });
  await accessible(teacher.page, "a teacher without the key");
  await teacher.page.getByRole("button", { name: "Voir les noms" }).click();
  await teacher.page.getByRole("textbox", { name: "Vos six mots" }).fill(access.phrase);
  await teacher.page.getByRole("dialog").getByRole("button", { name: "Voir les noms" }).click();
  await sealed(teacher.page).waitFor({ timeout: 90_000 });
  await sealed(pupil.page).waitFor({ timeout: 60_000 });
  await teacher.page.getByRole("button", { name: "Allumer ma caméra" }).click();
  await sees(pupil.page, "Camille Martin");
});

test("in Firefox, a pupil joins the sealed lesson, sees, hears and is heard", async () => {
  const firefox: Firefox = await puppeteer.launch({
    browser: "firefox", executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr", headless: true, args: ["--width=1280", "--height=800"],
    extraPrefsFirefox: {
      "intl.accept_languages": "fr-FR, fr", "media.navigator.streams.fake": true, "media.navigator.permission.disabled": true, "media.peerconnection.ice.loopback": true,
      "media.peerconnection.ice.obfuscate_host_addresses": false, "media.autoplay.default": 0,
    },
  });
  try {
    const page = await firefox.newPage();
    const elsewhere: string[] = [];
    page.on("request", (r) => {
      if (/^(https?|wss?):/.test(r.url()) && new URL(r.url()).host !== new URL(server.origin).host) elsewhere.push(r.url());
    });
    await page.goto(access.secondSeatLink);
    await page.locator("main button.button-main").click();
    await page.locator(".child-row button.button-main").click();
    await page.locator(`a[href='/eleve/seance/${access.school}/${lesson}']`).setTimeout(60_000).click();
    await page.locator("::-p-text(Entrer dans la séance)").setTimeout(60_000).click();
    await page.locator("::-p-text(Chiffré entre nous)").setTimeout(90_000).wait();
    await expect
      .poll(
        () =>
          page.evaluate(() => {
            const video = document.querySelector<HTMLVideoElement>(".tile-large video");
            const canvas = document.createElement("canvas");
            canvas.width = 32;
            canvas.height = 18;
            const context = canvas.getContext("2d");
            if (!video || !context || video.videoWidth === 0) return 0;
            context.drawImage(video, 0, 0, 32, 18);
            const { data } = context.getImageData(0, 0, 32, 18);
            return data.filter((value, i) => i % 4 === 1 && value > 90).length;
          }),
        { timeout: 60_000, interval: 500, message: "the teacher's camera in Firefox" },
      )
      .toBeGreaterThan(300);
    // Pressed by the page itself: the driver waits for a stillness that moving pictures on a busy machine do not give.
    await page.$eval(".bar button[aria-label='Ouvrir mon micro']", (button) => (button as HTMLButtonElement).click());
    await hears(teacher.page);
    expect(elsewhere).toEqual([]);
  } finally {
    await firefox.close();
  }
  await pupil.leave();
  await teacher.leave();
});
