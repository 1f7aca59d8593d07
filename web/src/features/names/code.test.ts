import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CODE_ALPHABET, foldCode, formatCode, readCode, seatPart } from "./code";

describe("typed codes", () => {
  it("folds what hands and eyes confuse", () => {
    expect(foldCode(" krm4–7d2f9 ")).toBe("KRM47D2F9");
    expect(foldCode("OQ IL Z S B U")).toBe("0011258V");
    expect(foldCode("ｋｒｍ４")).toBe("KRM4");
    expect(foldCode("k.r_m‑4·")).toBe("KRM4");
    expect(foldCode("kréml")).toBe("KREM1");
  });

  it("reads a code, or says what is wrong with it", () => {
    expect(readCode("krm4-7d2f9")).toEqual({ ok: true, code: "KRM47D2F9", group: "KRM4", seat: "7D2F9" });
    expect(readCode("  - ")).toEqual({ ok: false, why: "empty" });
    expect(readCode("KRM4")).toEqual({ ok: false, why: "short" });
    expect(readCode("KRM4-7D2F99")).toEqual({ ok: false, why: "long" });
    expect(readCode("KRM4-7D2F!")).toEqual({ ok: false, why: "character", character: "!" });
  });

  it("shows a code with its dash, also a beginning of one", () => {
    expect(formatCode("KRM4", "7D2F9")).toBe("KRM4-7D2F9");
    expect(formatCode("KRM")).toBe("KRM");
    expect(formatCode("KRM47")).toBe("KRM4-7");
  });

  it("reads back whatever it shows, in any case and with any look-alike", () => {
    const confusions: Record<string, string[]> = { 0: ["o", "Q"], 1: ["i", "L"], 2: ["z"], 5: ["s"], 8: ["b"], V: ["u"] };
    const letter = fc.constantFrom(...CODE_ALPHABET);
    fc.assert(
      fc.property(fc.array(letter, { minLength: 9, maxLength: 9 }), fc.infiniteStream(fc.nat(5)), (letters, choices) => {
        const written = letters.map((one) => {
          const spelt = [one, one.toLowerCase(), ...(confusions[one] ?? [])];
          return spelt[choices.next().value! % spelt.length];
        });
        const read = readCode(formatCode(written.slice(0, 4).join(""), written.slice(4).join("")));
        expect(read).toMatchObject({ ok: true, code: letters.join("") });
      }),
    );
  });

  it("never throws, whatever is typed", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readCode(text)));
  });

  it("writes the seat's part with its most significant digit first", () => {
    expect(seatPart(new Uint8Array(8))).toBe("00000");
    expect(seatPart(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 27]))).toBe("0000Y");
    expect(seatPart(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 28]))).toBe("00010");
    expect(seatPart(new Uint8Array([255, 255, 255, 255, 255, 255, 255, 255, 9]))).toHaveLength(5);
  });
});
