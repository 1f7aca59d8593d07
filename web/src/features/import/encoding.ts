export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/**
 * Finds how a text file is encoded: its byte-order mark, else the zeros that
 * UTF-16 leaves in French text, else UTF-8 if it is valid, else windows-1252,
 * of which Latin-1's printable characters are a part.
 */
export function detectEncoding(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  const start = bytes.subarray(0, 4096);
  let even = 0;
  let odd = 0;
  start.forEach((byte, i) => {
    if (byte !== 0) return;
    if (i % 2 === 0) even++;
    else odd++;
  });
  if (odd > start.length / 4 && even < odd / 8) return "utf-16le";
  if (even > start.length / 4 && odd < even / 8) return "utf-16be";
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/** The text of a file, without its byte-order mark. Never throws: what cannot be read becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: Encoding } {
  const encoding = detectEncoding(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  return { text: encoding === "windows-1252" ? text.replace(/[\u0080-\u009f]/g, printable) : text, encoding };
}

// The characters that windows-1252 has in place of Latin-1's second control
// set; some decoders give the control characters, the holes are U+FFFD here.
const C1 = "€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ";
const printable = (control: string) => C1[control.charCodeAt(0) - 0x80]!;
