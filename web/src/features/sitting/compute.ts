/** The value of a calculation with + − × ÷ and brackets, written as in French; null when it cannot be read. */
export function compute(text: string): string | null {
  const source = text.replaceAll(/[\s\u00a0\u202f]/g, "").replaceAll(",", ".").replaceAll("×", "*").replaceAll("x", "*").replaceAll("÷", "/").replaceAll(":", "/").replaceAll("−", "-");
  let at = 0;
  const sum = (): number => {
    let value = product();
    while (source[at] === "+" || source[at] === "-") value = source[at++] === "+" ? value + product() : value - product();
    return value;
  };
  const product = (): number => {
    let value = factor();
    while (source[at] === "*" || source[at] === "/") value = source[at++] === "*" ? value * factor() : value / factor();
    return value;
  };
  const factor = (): number => {
    if (source[at] === "-") {
      at++;
      return -factor();
    }
    if (source[at] === "(") {
      at++;
      const value = sum();
      if (source[at++] !== ")") return Number.NaN;
      return value;
    }
    const digits = /^\d+(\.\d+)?/.exec(source.slice(at))?.[0];
    if (!digits) return Number.NaN;
    at += digits.length;
    return Number(digits);
  };
  const value = sum();
  if (at !== source.length || !Number.isFinite(value)) return null;
  return String(Math.round(value * 1e10) / 1e10).replace(".", ",").replace("-", "−");
}
