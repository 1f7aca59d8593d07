import { expect, it } from "vitest";
import type { Contribution } from "../api";
import { after, alike, moveOf, paragraphs } from "./queue";

const one = (id: string, name: string, source: string): Contribution => ({ id, name, source, text: "", pieceId: "", slug: "", title: "", status: "waiting", signs: [], member: false, at: 0 });

it("leaves to the browser what is typed with a modifier", () => {
  const bare = { ctrlKey: false, metaKey: false, altKey: false };
  expect(moveOf({ ...bare, key: "P" })).toBe("pass");
  expect(moveOf({ ...bare, key: "ArrowDown" })).toBe("next");
  expect(moveOf({ ...bare, key: "p", ctrlKey: true })).toBeNull();
  expect(moveOf({ ...bare, key: "Tab" })).toBeNull();
});

it("goes to the next that stays", () => {
  expect(after(["a", "b", "c"], new Set(["b"]), "b")).toBe("c");
  expect(after(["a", "b", "c"], new Set(["b", "c"]), "b")).toBe("a");
  expect(after(["a"], new Set(["a"]), "a")).toBeNull();
});

it("finds those of one author, and of one network", () => {
  const list = [one("1", "Ana", "x"), one("2", " ana", "y"), one("3", "Bo", "x"), one("4", "Cy", "")];
  expect(alike(list, one("1", "Ana", "x"), "name")).toEqual(["1", "2"]);
  expect(alike(list, one("1", "Ana", "x"), "source")).toEqual(["1", "3"]);
  expect(alike(list, one("4", "Cy", ""), "source")).toEqual([]);
});

it("parts a message at blank lines", () => {
  expect(paragraphs("un\ndeux\n\n\ntrois\n")).toEqual(["un\ndeux", "trois"]);
});
