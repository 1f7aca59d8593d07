import { expect, test } from "vitest";
import { compute } from "./compute";

test.each([
  ["25 × 4 + 7", "107"], ["10 − 3 × 2,40", "2,8"], ["(1+2)×3", "9"], ["7 ÷ 2", "3,5"], ["-3+1", "−2"], ["0,1+0,2", "0,3"], ["2 : 8", "0,25"],
  ["1/0", null], ["2+", null], ["(1", null], ["1 2 a", null], ["", null], ["((((", null],
])("%s", (text, value) => expect(compute(text)).toBe(value));
