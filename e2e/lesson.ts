import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { Person } from "./browser.ts";
import type { Access, Server } from "./server.ts";
import { readSquare } from "./slip.ts";
import { rail, signIn, unlock } from "./gestures.ts";

/** Opens a lesson of the demonstration group through the API, with the page's own session. */
export async function openLesson(page: Page, access: Access, title = "Fractions"): Promise<string> {
  const made = await page.evaluate(
    async ({ school, group, title }) => {
      const answer = await fetch(`/api/v1/schools/${school}/lessons`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ groupId: group, title, open: true, minutes: 55 }) });
      return (await answer.json()) as { lessons: string[] };
    },
    { school: access.school, group: access.group, title },
  );
  const [lesson] = made.lessons;
  if (!lesson) throw new Error("no lesson was made");
  return lesson;
}

/** Enters as the pupil of a slip, up to their own page. */
export async function enter(pupil: Person, link: string): Promise<void> {
  await pupil.page.goto(link);
  await pupil.page.getByRole("button", { name: "Entrer" }).click();
  await pupil.page.getByRole("button", { name: "Oui, c’est moi" }).click();
  await pupil.page.getByRole("heading", { level: 1, name: /^Bonjour/ }).waitFor();
}

/** Passes the page before a lesson, with what is opened there. */
export async function goIn(page: Page, open: { microphone?: boolean; camera?: boolean } = {}): Promise<void> {
  const enterIt = page.getByRole("button", { name: "Entrer dans la séance" });
  await enterIt.waitFor();
  if (open.microphone) {
    await page.getByRole("button", { name: "Ouvrir mon micro" }).click();
    await page.getByRole("button", { name: "Couper mon micro" }).waitFor();
  }
  if (open.camera) {
    await page.getByRole("button", { name: "Allumer ma caméra" }).click();
    await page.getByRole("button", { name: "Éteindre ma caméra" }).waitFor();
  }
  await enterIt.click();
  await page.getByRole("group", { name: "Outils de la séance" }).waitFor();
}

/** The picture of somebody moves: two moments of it differ. `name` is as the page shows them. */
export async function sees(page: Page, name: string, source = "Caméra de"): Promise<void> {
  const video = page.getByLabel(`${source} ${name}`, { exact: true }).first();
  await video.waitFor({ timeout: 30_000 });
  await expect.poll(() => video.evaluate(moves), { timeout: 30_000, interval: 500, message: `${name} moves` }).toBe(true);
}

async function moves(element: Element): Promise<boolean> {
  const video = element as HTMLVideoElement;
  const look = () => {
    const canvas = document.createElement("canvas");
    canvas.width = 64;
    canvas.height = 36;
    const context = canvas.getContext("2d");
    if (!context || video.videoWidth === 0) return null;
    context.drawImage(video, 0, 0, 64, 36);
    return context.getImageData(0, 0, 64, 36).data;
  };
  const before = look();
  await new Promise((r) => setTimeout(r, 700));
  const after = look();
  if (!before || !after) return false;
  let changed = 0;
  for (let i = 0; i < before.length; i++) if (Math.abs((before[i] ?? 0) - (after[i] ?? 0)) > 12) changed++;
  // Something is lit, and something is not as it was.
  return changed > 20 && after.some((value, i) => i % 4 !== 3 && value > 40);
}

/** How loud the loudest received voice was over two seconds, from 0 to 1. */
export function loudness(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const context = new AudioContext();
    await context.resume();
    const all = [...document.querySelectorAll<HTMLAudioElement>("audio[data-who]")].map((element) => {
      const analyser = context.createAnalyser();
      if (element.srcObject instanceof MediaStream) context.createMediaStreamSource(element.srcObject).connect(analyser);
      return analyser;
    });
    let loudest = 0;
    const samples = new Float32Array(2048);
    for (let i = 0; i < 40; i++) {
      await new Promise((r) => setTimeout(r, 50));
      for (const analyser of all) {
        analyser.getFloatTimeDomainData(samples);
        for (const s of samples) loudest = Math.max(loudest, Math.abs(s));
      }
    }
    await context.close();
    return loudest;
  });
}

/** A voice is heard: the fake microphone beeps each second. */
export async function hears(page: Page): Promise<void> {
  await expect.poll(() => loudness(page), { timeout: 30_000, interval: 200, message: "a voice is heard" }).toBeGreaterThan(0.01);
}

/** Nothing at all is heard for two seconds. */
export async function hearsNothing(page: Page): Promise<void> {
  expect(await loudness(page), "a voice that should not be heard").toBeLessThan(0.001);
}

/** Goes into the room as staff. */
export async function staffRoom(page: Page, server: Server, access: Access, lesson: string, open: { microphone?: boolean; camera?: boolean } = {}): Promise<void> {
  await page.goto(`${server.origin}/seance/${access.school}/${lesson}`);
  await goIn(page, open);
}

/** Goes into the room as a pupil who is in. */
export async function pupilRoom(page: Page, server: Server, access: Access, lesson: string, open: { microphone?: boolean; camera?: boolean } = {}): Promise<void> {
  await page.goto(`${server.origin}/eleve/seance/${access.school}/${lesson}`);
  await goIn(page, open);
}

/** The links on the first slips of the demonstration group. */
export async function slipsOf(browser: Browser, server: Server, access: Access, count: number): Promise<string[]> {
  const known = [access.seatLink, access.secondSeatLink];
  if (count <= known.length) return known.slice(0, count);
  if (cached.length >= count) return cached.slice(0, count);
  const head = await Person.arrive(browser, server.origin);
  await signIn(head, access.headLink);
  await unlock(head.page, access.phrase);
  await rail(head.page, "Groupes");
  await head.page.locator(`a[href="/groupes/${access.group}"]`).first().click();
  await head.page.getByRole("link", { name: "Fiches", exact: false }).first().click();
  await head.page.locator(".slip").nth(count - 1).waitFor({ state: "attached" });
  const links = await head.page.locator(".slip").evaluateAll((all) =>
    all.map((slip) => ({ size: Number(slip.querySelector(".slip-qr")?.getAttribute("viewBox")?.split(" ")[2]), path: slip.querySelector(".slip-qr path")?.getAttribute("d") ?? "" })),
  );
  const others = links.map(({ size, path }) => readSquare(size, path)).filter((link) => link !== "" && !known.includes(link));
  await head.context.close();
  cached = [...known, ...others];
  return cached.slice(0, count);
}

let cached: string[] = [];
