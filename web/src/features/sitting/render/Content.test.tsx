import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Question } from "./Question";
import type { PublicNode } from "./tree";

const html = (body: PublicNode[]) => renderToStaticMarkup(<Question name="q" body={body} files={{ a1: "/f/1" }} values={{}} onChange={() => undefined} />);

test("nothing that runs, loads or refreshes comes out of a question, whatever it holds", () => {
  const bad: PublicNode[] = [
    { tag: "script", children: [{ text: "alert(1)" }] },
    { tag: "meta", attrs: { "http-equiv": "refresh", content: "0;url=https://example.org" } },
    { tag: "iframe", attrs: { src: "https://example.org" } },
    { tag: "math:math", attrs: { onclick: "alert(1)", style: "x", href: "https://example.org" }, children: [{ tag: "math:mi", attrs: { dangerouslySetInnerHTML: "<b>", ref: "x", children: "y", "xlink:href": "z" }, children: [{ text: "x" }] }] },
    { tag: "svg:svg", children: [{ tag: "svg:image", attrs: { href: "https://example.org/x.png" } }, { tag: "svg:use", attrs: { href: "#a" } }, { tag: "svg:foreignObject", children: [{ tag: "script" }] }, { tag: "svg:path", attrs: { d: "M0 0", onload: "alert(1)" } }] },
    { tag: "p", attrs: { style: "x", onclick: "alert(1)", class: "y", id: "z" }, children: [{ text: "<b>not bold</b>" }] },
    { tag: "a", attrs: { href: "javascript:alert(1)" }, children: [{ text: "lien" }] },
    { tag: "form", attrs: { action: "https://example.org" }, children: [{ tag: "input" }] },
  ];
  const out = html(bad);
  for (const word of ["<script", "<meta", "<iframe", "onclick", "onload", "style=", "href", "example.org", "<image", "<use", "foreignObject", "javascript:", "<form", "<b>", "id="]) expect(out.includes(word), word).toBe(false);
  expect(out).toContain("&lt;b&gt;not bold");
  expect(out).toContain("<mi>x</mi>");
  expect(out).toContain('<path d="M0 0">');
});

test("text, tables and pictures stand as their author wrote them", () => {
  const out = html([
    { tag: "p", children: [{ text: "Le " }, { tag: "strong", children: [{ text: "mot" }] }] },
    { tag: "table", children: [{ tag: "tr", children: [{ tag: "td", attrs: { colspan: "2" }, children: [{ text: "1" }] }] }] },
    { tag: "img", attrs: { asset: "a1", alt: "Un arbre", width: "40", height: "30" } },
    { tag: "img", attrs: { asset: "a9", alt: "Absent" } },
  ]);
  expect(out).toContain("<p>Le <strong>mot</strong></p>");
  expect(out).toContain('colSpan="2"');
  expect(out).toContain('src="/f/1"');
  expect(out).toContain("Absent");
});
