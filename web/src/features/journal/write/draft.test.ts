import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import type { Content } from "../api";
import { Draft, type Kept, type Shelf } from "./draft";

const content = (title: string): Content => ({ title, about: { audience: "school" }, body: {} });

class Memory implements Shelf {
  kept = new Map<string, Kept>();
  read = async (piece: string) => this.kept.get(piece) ?? null;
  write = async (piece: string, kept: Kept | null) => void (kept ? this.kept.set(piece, kept) : this.kept.delete(piece));
}

/** A server that keeps one text, and refuses as told. */
class Server {
  version = 1;
  title = "";
  saves = 0;
  trouble: Problem | null = null;
  hold: Promise<void> | null = null;
  save = async (version: number, of: Content) => {
    await this.hold;
    if (this.trouble) throw this.trouble;
    if (version !== this.version) throw new Problem("conflict", { detail: "overtaken", extra: { version: this.version } });
    this.saves++;
    this.title = of.title;
    return { version: ++this.version, savedAt: Date.now() };
  };
}

describe("Draft", () => {
  let shelf: Memory;
  let server: Server;
  let draft: Draft;
  beforeEach(() => {
    vi.useFakeTimers();
    shelf = new Memory();
    server = new Server();
    draft = new Draft({ piece: "p", author: "a", version: 1, content: content("") }, server.save, shelf);
  });
  afterEach(() => void vi.useRealTimers());

  it("keeps at once, saves when the hand rests, then forgets", async () => {
    draft.change({ title: "Une" });
    expect(draft.view().saving).toBe("dirty");
    await vi.advanceTimersByTimeAsync(300);
    expect(shelf.kept.get("p")).toMatchObject({ author: "a", version: 1, content: { title: "Une" } });
    draft.change({ title: "Une cour" });
    await vi.advanceTimersByTimeAsync(1_300);
    expect(server).toMatchObject({ title: "Une cour", saves: 1 });
    expect(draft.view().saving).toBe("saved");
    expect(draft.version).toBe(2);
    expect(shelf.kept.size).toBe(0);
  });

  it("saves in the end somebody who never stops", async () => {
    for (let i = 0; i < 20; i++) {
      draft.change({ title: `mot ${i}` });
      await vi.advanceTimersByTimeAsync(600);
    }
    expect(server.saves).toBeGreaterThan(0);
  });

  it("sends what came during a save after it, from the new version", async () => {
    let release = () => {};
    server.hold = new Promise((r) => (release = r));
    draft.change({ title: "a" });
    await vi.advanceTimersByTimeAsync(1_300);
    draft.change({ title: "ab" });
    server.hold = null;
    release();
    await vi.advanceTimersByTimeAsync(10);
    expect(server).toMatchObject({ title: "ab", saves: 2, version: 3 });
    expect(draft.view().saving).toBe("saved");
  });

  it("waits out of reach, and sends by itself once back", async () => {
    server.trouble = new Problem("offline");
    draft.change({ title: "hors ligne" });
    await vi.advanceTimersByTimeAsync(1_300);
    expect(draft.view()).toMatchObject({ saving: "waiting" });
    expect(draft.view().since).not.toBeNull();
    expect(shelf.kept.get("p")?.content).toMatchObject({ title: "hors ligne" });
    server.trouble = null;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(draft.view()).toMatchObject({ saving: "saved", since: null });
    expect(server.title).toBe("hors ligne");
  });

  it("does not write over somebody else until asked", async () => {
    server.version = 5;
    draft.change({ title: "la mienne" });
    await vi.advanceTimersByTimeAsync(1_300);
    expect(draft.view().saving).toBe("overtaken");
    draft.change({ title: "la mienne encore" });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.saves).toBe(0);
    expect(shelf.kept.get("p")?.content).toMatchObject({ title: "la mienne encore" });
    expect(await draft.insist(5)).toBe(true);
    expect(server.title).toBe("la mienne encore");
  });

  it("says a refusal, and tries again at the next change", async () => {
    server.trouble = new Problem("invalid", { detail: "trop long" });
    draft.change({ title: "x" });
    expect(await draft.save()).toBe(false);
    expect(draft.view()).toMatchObject({ saving: "refused", problem: { detail: "trop long" } });
    server.trouble = null;
    draft.change({ title: "y" });
    expect(await draft.save()).toBe(true);
    expect(server.title).toBe("y");
  });

  it("leaves what is not saved in the browser when its page goes, and nothing when it is given up", async () => {
    draft.change({ title: "perdue ?" });
    draft.close();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(server.saves).toBe(0);
    expect(shelf.kept.get("p")?.content).toMatchObject({ title: "perdue ?" });
    await draft.giveUp();
    expect(shelf.kept.size).toBe(0);
  });
});
