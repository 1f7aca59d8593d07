import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytes, equalBytes, fromBase64Url, hex, toBase64Url } from "./bytes";

describe("base64url", () => {
  it("writes what Node writes and reads it back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        const text = toBase64Url(data);
        expect(text).toBe(Buffer.from(data).toString("base64url"));
        expect(fromBase64Url(text)).toEqual(bytes(data));
      }),
    );
  });

  it("refuses padding, other alphabets and second spellings", () => {
    for (const text of ["AA==", "A", "A+/A", "AB", "AAB", "é", "AA AA"]) expect(fromBase64Url(text)).toBeNull();
  });
});

describe("bytes", () => {
  it("compares and writes in hexadecimal", () => {
    expect(equalBytes(bytes([1, 2]), bytes([1, 2]))).toBe(true);
    expect(equalBytes(bytes([1, 2]), bytes([1, 3]))).toBe(false);
    expect(equalBytes(bytes([1]), bytes([1, 2]))).toBe(false);
    expect(hex(bytes([0, 255, 16]))).toBe("00ff10");
  });
});
