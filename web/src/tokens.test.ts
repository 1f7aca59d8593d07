import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** The colours that a rule gives, by token. */
function coloursOf(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  expect(start, selector).toBeGreaterThanOrEqual(0);
  const body = css.slice(start, css.indexOf("}", start));
  return new Map([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1] ?? "", m[2] ?? ""]));
}

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const texts: [string, string][] = [
  ...["ink", "slate", "tree", "sky", "brick"].flatMap((text) => ["paper", "chalk"].map((ground): [string, string] => [text, ground])),
  ["ink", "tree-ground"],
  ["ink", "sky-ground"],
  ["ink", "sun-ground"],
  ["ink", "brick-ground"],
  ["slate", "tree-ground"],
  ["slate", "sky-ground"],
  ["slate", "brick-ground"],
  ["sky", "sky-ground"],
  ["brick", "brick-ground"],
  ["sun", "sun-ground"],
  ["sun", "chalk"],
  ["on-tree", "tree"],
  ["on-tree", "tree-deep"],
  ["on-brick", "brick"],
];

const edges: [string, string][] = [
  ["edge", "paper"],
  ["edge", "chalk"],
  ["sky", "paper"],
  ["sky", "chalk"],
  ["tree", "paper"],
  ["brick", "chalk"],
];

describe.each([
  ["light", ":root"],
  ["dark, chosen", ':root[data-theme="dark"]'],
  ["dark, as the machine", ':root:not([data-theme="light"])'],
])("colours, %s", (_, selector) => {
  const colours = coloursOf(selector);
  const of = (token: string) => colours.get(token) ?? expect.fail(`no --${token}`);
  it.each(texts)("%s is read on %s", (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(edges)("%s is seen on %s", (edge, ground) => {
    expect(contrast(of(edge), of(ground))).toBeGreaterThanOrEqual(3);
  });
});

describe("dark", () => {
  it("is the same chosen or followed", () => {
    expect(coloursOf(':root[data-theme="dark"]')).toEqual(coloursOf(':root:not([data-theme="light"])'));
  });
});
