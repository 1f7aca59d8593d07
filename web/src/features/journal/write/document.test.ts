import { describe, expect, it } from "vitest";
import { countWords, forServer, linkOf, type TextNode } from "./document";

describe("forServer", () => {
  it("keeps what the server knows and drops the editor's own", () => {
    const doc: TextNode = {
      type: "doc",
      content: [
        { type: "heading", attrs: { level: 2, id: "x" }, content: [{ type: "text", text: "Titre" }] },
        { type: "orderedList", attrs: { start: 3, type: null }, content: [{ type: "listItem", content: [{ type: "paragraph", attrs: { textAlign: "left" }, content: [{ type: "text", text: "un" }] }] }] },
        { type: "paragraph", content: [{ type: "text", text: "lien", marks: [{ type: "link", attrs: { href: "https://a.example/", target: "_blank", rel: "x", class: null } }, { type: "underline" }] }] },
        { type: "codeBlock", content: [{ type: "text", text: "x" }] },
        { type: "image", attrs: { file: "f", alt: "Un platane", credit: "Moi", caption: null, src: "/x" } },
      ],
    };
    expect(forServer(doc)).toEqual({
      type: "doc",
      content: [
        { type: "heading", attrs: { level: 2 }, content: [{ type: "text", text: "Titre" }] },
        { type: "orderedList", attrs: { start: 3 }, content: [{ type: "listItem", content: [{ type: "paragraph", content: [{ type: "text", text: "un" }] }] }] },
        { type: "paragraph", content: [{ type: "text", text: "lien", marks: [{ type: "link", attrs: { href: "https://a.example/" } }] }] },
        { type: "image", attrs: { file: "f", alt: "Un platane", credit: "Moi" } },
      ],
    });
  });
});

describe("linkOf", () => {
  it("takes pages and mailboxes", () => {
    expect(linkOf(" exemple.fr/a ")).toBe("https://exemple.fr/a");
    expect(linkOf("http://exemple.fr")).toBe("http://exemple.fr/");
    expect(linkOf("journal@exemple.fr")).toBe("mailto:journal@exemple.fr");
  });
  it("refuses what runs, hides or leads nowhere", () => {
    for (const bad of ["", "javascript:alert(1)", "data:text/html,x", "ftp://a.example/", "https://moi@a.example/", "deux mots", "bonjour", `https://a.example/${"x".repeat(3000)}`]) expect(linkOf(bad), bad).toBeNull();
  });
});

it("counts words across blocks", () => {
  const text = (words: string): TextNode => ({ type: "paragraph", content: [{ type: "text", text: words }] });
  expect(countWords({ type: "doc", content: [text("Les platanes\u202f!"), text("L’école « rouvre »")] })).toBe(4);
  expect(countWords({ type: "doc" })).toBe(0);
});
