import { describe, expect, it } from "vitest";
import { readPaste, tidy } from "./pasteColumn";

describe("pasting into the grid", () => {
  it("leaves one value to the browser", () => {
    expect(readPaste("Lefèvre", "last")).toBeNull();
    expect(readPaste("Lefèvre\n", "last")).toBeNull();
  });

  it("fills a column downward, keeping empty lines in their place", () => {
    expect(readPaste("Abadie\r\n\r\n Da  Costa \r\n", "last")).toEqual([{ last: "Abadie" }, { last: "" }, { last: "Da Costa" }]);
    expect(readPaste("Zoé\nMax", "first")).toEqual([{ first: "Zoé" }, { first: "Max" }]);
  });

  it("fills both columns from the first", () => {
    expect(readPaste("Abadie\tZoé\t6e B\nNdiaye\tOusmane", "last")).toEqual([
      { last: "Abadie", first: "Zoé" },
      { last: "Ndiaye", first: "Ousmane" },
    ]);
    expect(readPaste("Abadie\tZoé", "last")).toEqual([{ last: "Abadie", first: "Zoé" }]);
  });

  it("tidies what people copy", () => {
    expect(tidy(" Le\u0000fe\u0300vre\u00a0 Jr ")).toBe("Le fèvre Jr");
  });
});
