import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makePhrase, makePlainPhrase, phraseOf, readPhrase } from "./phrase";
import { fold, indexOfWord, wordAt, wordsOf } from "./words";

const words = fc.array(fc.nat(2047).map(wordAt), { minLength: 6, maxLength: 6 });

describe("words", () => {
  it("are told apart by four letters without accents", () => {
    for (let i = 0; i < 2048; i++) expect(indexOfWord(fold(wordAt(i)).slice(0, 4).toUpperCase())).toBe(i);
    expect(indexOfWord("aba")).toBeNull();
    expect(indexOfWord("zzzz")).toBeNull();
  });

  it("are cut from bits, most significant first", () => {
    expect(wordsOf(new Uint8Array(9), 6)).toEqual(Array(6).fill(wordAt(0)));
    expect(wordsOf(new Uint8Array([0, 0x20, 0x04]), 2)).toEqual([wordAt(1), wordAt(1)]);
    expect(wordsOf(new Uint8Array([255, 255, 255]), 2)).toEqual([wordAt(2047), wordAt(2047)]);
  });
});

describe("phrases", () => {
  it("have six words, different each time", () => {
    const [a, b] = [makePhrase(), makePhrase()];
    expect(a).toHaveLength(6);
    expect(a).not.toEqual(b);
  });

  it("have no accents where a terminal will ask for them", () => {
    for (let i = 0; i < 50; i++) {
      const six = makePlainPhrase();
      expect(six.join(" ")).toMatch(/^[a-z]+( [a-z]+){5}$/);
      expect(readPhrase(six.join(" "))).toMatchObject({ ok: true, words: six });
    }
  });

  it("are read as people write them", () => {
    fc.assert(
      fc.property(words, (six) => {
        const phrase = phraseOf(six);
        const spellings = [
          six.join(" "),
          `  ${six.join("   ").toUpperCase()}\n`,
          six.join("-"),
          six.map((w) => fold(w)).join(" "),
          six.map((w) => fold(w).slice(0, 4)).join(", "),
          six.map((w, i) => `${i + 1}. ${w}`).join("\n"),
          six.join(" ").normalize("NFD"),
        ];
        for (const spelling of spellings) expect(readPhrase(spelling)).toEqual({ ok: true, words: six, phrase });
      }),
      { numRuns: 200 },
    );
  });

  it("say which word is not one, or how many there are", () => {
    expect(readPhrase("abaisser abandon xyz abeille abolir aborder")).toEqual({ ok: false, why: "word", position: 3 });
    expect(readPhrase("abaisser abandon")).toEqual({ ok: false, why: "count", count: 2 });
    expect(readPhrase("")).toEqual({ ok: false, why: "count", count: 0 });
  });
});
