import { expect, test } from "vitest";
import { blank, toDraft, toSheet, withGap, withoutGap } from "./sheet";

test("the words chosen become a gap, and come back", () => {
  const one = withGap("Le chat dort.", [], 3, 8);
  expect(one).toEqual({ text: "Le [1] dort.", gaps: [{ right: "chat", others: [""] }], caret: 6 });
  const two = withGap(one.text, one.gaps, 7, 11);
  expect(two.text).toBe("Le [1] [2].");
  expect(withoutGap(two.text, two.gaps, 0)).toEqual({ text: "Le chat [1].", gaps: [{ right: "dort", others: [""] }] });
});

test("a gap without words stands at the caret", () => {
  expect(withGap("Le  dort.", [], 3, 3)).toEqual({ text: "Le [1] dort.", gaps: [{ right: "", others: [""] }], caret: 6 });
});

test("what was left blank is not sent, and a draft opens again", () => {
  const sheet = { ...blank("gap"), extra: ["loup", " "], gaps: [{ right: "chat", others: [""] }] };
  const draft = toDraft(sheet);
  expect(draft.extra).toEqual(["loup"]);
  expect(draft.gaps).toEqual([{ right: "chat" }]);
  expect(draft.picture).toBeUndefined();
  expect(toSheet(draft).picture).toBeNull();
});
