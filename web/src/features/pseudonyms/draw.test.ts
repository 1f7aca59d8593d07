import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agree, fold, MAX_PSEUDONYM, PseudonymDrawer, PseudonymsExhausted, type Named } from "./draw";
import { secureBelow, type Below } from "./random";
import { ADJECTIVES, NOUNS, pictureWord } from "./words";

/** A repeatable source: mulberry32. */
function seeded(seed: number): Below {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000) * n);
  };
}

/** The feminine that French grammar gives, written apart from the data. */
function feminine(masculine: string): string {
  const irregular: Record<string, string> = { doux: "douce", franc: "franche", discret: "discrète" };
  if (irregular[masculine]) return irregular[masculine];
  const endings: [RegExp, string][] = [
    [/eux$/, "euse"],
    [/eur$/, "euse"],
    [/if$/, "ive"],
    [/ier$/, "ière"],
    [/ien$/, "ienne"],
    [/el$/, "elle"],
    [/e$/, "e"],
  ];
  for (const [end, by] of endings) if (end.test(masculine)) return masculine.replace(end, by);
  return `${masculine}e`;
}

describe("the vocabulary", () => {
  test("is large enough for the largest school", () => {
    expect(NOUNS.length).toBeGreaterThanOrEqual(120);
    expect(ADJECTIVES.length).toBeGreaterThanOrEqual(60);
    expect(NOUNS.length * ADJECTIVES.length).toBeGreaterThan(10_000);
  });

  test("says each thing once", () => {
    expect(new Set(NOUNS.map((n) => fold(n.noun))).size).toBe(NOUNS.length);
    expect(new Set(NOUNS.map((n) => n.picture)).size).toBe(NOUNS.length);
    expect(new Set(ADJECTIVES.map((a) => a.m)).size).toBe(ADJECTIVES.length);
  });

  test("knows the feminine of each adjective", () => {
    for (const adjective of ADJECTIVES) expect(adjective.f).toBe(feminine(adjective.m));
  });

  test("agrees every noun with every adjective", () => {
    for (const noun of NOUNS)
      for (const adjective of ADJECTIVES) {
        const want = noun.gender === "f" ? feminine(adjective.m) : adjective.m;
        expect(agree(noun, adjective)).toBe(`${noun.noun} ${want}`);
        expect(agree(noun, adjective).length).toBeLessThanOrEqual(MAX_PSEUDONYM);
      }
  });

  test("knows which nouns are feminine", () => {
    const feminineNouns = (
      "Loutre Abeille Coccinelle Fourmi Tulipe Fraise Myrtille Mangue Pomme Comète Étoile Montagne Île Planète Galaxie Plume Feuille Goutte Étincelle Guitare Trompette Harpe Flûte Partition Boussole " +
      "Fusée Locomotive Bicyclette Trottinette Loupe Ancre Tente Cabane Fontaine Médaille Palette Clé Bougie Théière Écharpe Horloge Radio Caméra Soucoupe Luge Couronne Équerre Mappemonde Échelle Valise"
    ).split(" ");
    expect(NOUNS.filter((n) => n.gender === "f").map((n) => n.noun).sort()).toEqual(feminineNouns.sort());
  });

  test("has no word that could hurt", () => {
    const said = [...NOUNS.map((n) => n.noun), ...ADJECTIVES.flatMap((a) => [a.m, a.f])].map(fold);
    const never = (
      "ane bouc cochon porc truie vache baleine singe guenon gorille chien chienne rat rate raton cafard ver limace sangsue dinde poule thon " +
      "morue moule chameau mouton serpent vipere blaireau buse autruche pie elephant hippopotame phoque manchot cruche cloche gourde patate courge " +
      "banane coco citrouille melon poire cornichon balai fantome clown noir blanc rouge bleu vert jaune rose gris brun blond roux dore " +
      "gros petit grand maigre mince rond laid beau fort faible lent rapide malin bete sot idiot intelligent savant fute brillant sage divin saint " +
      "sacre pieux celeste nocturne sauvage exotique bizarre etrange vieux jeune riche pauvre sale propre nu"
    ).split(" ");
    for (const word of never) expect(said).not.toContain(word);
  });

  test("has a picture of each noun in the set", () => {
    const path = createRequire(import.meta.url).resolve("@iconify-json/noto/icons.json");
    expect(existsSync(path)).toBe(true);
    const set = JSON.parse(readFileSync(path, "utf8")) as { icons: Record<string, unknown> };
    for (const noun of NOUNS) expect(set.icons).toHaveProperty(noun.picture);
    expect(pictureWord("otter")).toBe("Loutre");
    expect(pictureWord("unknown")).toBe("");
  });
});

describe("drawing", () => {
  test("the same source draws the same pseudonyms", () => {
    const draw = () => {
      const drawer = new PseudonymDrawer(seeded(7));
      return Array.from({ length: 50 }, () => drawer.draw(["a"]));
    };
    expect(draw()).toEqual(draw());
    expect(draw()).not.toEqual(Array.from({ length: 50 }, ((d) => () => d.draw(["a"]))(new PseudonymDrawer(seeded(8)))));
  });

  test("pseudonyms are unique, and not among those taken, whatever the source", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 300 }), (seed, count) => {
        const source = seeded(seed);
        const first = new PseudonymDrawer(source);
        const existing: Named[] = Array.from({ length: 100 }, () => {
          const drawn = first.draw(["x"]);
          return { pseudonym: drawn.text.toUpperCase(), picture: drawn.picture, groups: ["x"] };
        });
        const drawer = new PseudonymDrawer(source, existing);
        const all = existing.map((e) => fold(e.pseudonym));
        for (let i = 0; i < count; i++) all.push(fold(drawer.draw(["x", "y"]).text));
        return new Set(all).size === all.length;
      }),
      { numRuns: 30 },
    );
  });

  test("pictures differ within each group until all are used, then each twice", () => {
    const drawer = new PseudonymDrawer(seeded(3));
    const pictures = Array.from({ length: NOUNS.length * 2 }, () => drawer.draw(["6e B"]).picture);
    expect(new Set(pictures.slice(0, NOUNS.length)).size).toBe(NOUNS.length);
    expect(new Set(pictures.slice(NOUNS.length)).size).toBe(NOUNS.length);
  });

  test("pictures differ in two groups that share pupils", () => {
    const drawer = new PseudonymDrawer(seeded(4));
    const classes = ["6A", "6B", "6C"];
    const seats = Array.from({ length: 90 }, (_, i) => {
      const groups = [classes[i % 3]!, ...(i < 40 ? ["allemand"] : [])];
      return { groups, picture: drawer.draw(groups).picture };
    });
    for (const group of [...classes, "allemand"]) {
      const inside = seats.filter((s) => s.groups.includes(group)).map((s) => s.picture);
      expect(new Set(inside).size).toBe(inside.length);
    }
  });

  test("five thousand pupils each get one, with one adjective", () => {
    const drawer = new PseudonymDrawer(seeded(5));
    const texts = Array.from({ length: 5000 }, (_, i) => drawer.draw([`g${i % 170}`]).text);
    expect(new Set(texts.map(fold)).size).toBe(5000);
    for (const text of texts) expect(text).not.toContain(" et ");
  });

  test("with every pair taken, a second adjective is added; with all taken, it says so", () => {
    const nouns = NOUNS.slice(0, 3);
    const adjectives = ADJECTIVES.slice(0, 3);
    const drawer = new PseudonymDrawer(seeded(6), [], nouns, adjectives);
    const texts = Array.from({ length: 9 + 18 }, () => drawer.draw(["a"]).text);
    expect(texts.slice(0, 9).every((t) => !t.includes(" et "))).toBe(true);
    expect(texts.slice(9).every((t) => t.includes(" et "))).toBe(true);
    expect(new Set(texts).size).toBe(27);
    expect(() => drawer.draw(["a"])).toThrow(PseudonymsExhausted);
  });

  test("redrawing changes the pseudonym and frees the old one", () => {
    const nouns = NOUNS.slice(0, 2);
    const adjectives = ADJECTIVES.slice(0, 1);
    const drawer = new PseudonymDrawer(seeded(1), [], nouns, adjectives);
    const first = drawer.draw(["a"]);
    const second = drawer.redraw({ pseudonym: first.text, picture: first.picture, groups: ["a"] });
    expect(second.text).not.toBe(first.text);
    expect(drawer.draw(["a"]).text).toBe(first.text);
  });

  test("the browser's source stays within its bounds and reaches them", () => {
    const seen = new Set(Array.from({ length: 500 }, () => secureBelow(3)));
    expect([...seen].sort()).toEqual([0, 1, 2]);
    expect(secureBelow(1)).toBe(0);
  });
});
