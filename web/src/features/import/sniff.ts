import type { FindingKey } from "./findings";

/** What a file is, from its first bytes: never from its name. */
export type Sniffed = { kind: "text" } | { kind: "zip" } | { kind: "refused"; key: FindingKey };

const starts = (bytes: Uint8Array, ...signature: number[]) => signature.every((b, i) => bytes[i] === b);

export function sniff(bytes: Uint8Array): Sniffed {
  if (starts(bytes, 0x50, 0x4b, 0x03, 0x04) || starts(bytes, 0x50, 0x4b, 0x05, 0x06)) return { kind: "zip" };
  if (starts(bytes, 0x25, 0x50, 0x44, 0x46)) return { kind: "refused", key: "kind_pdf" };
  if (starts(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return { kind: "refused", key: "kind_xls" };
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47) || starts(bytes, 0xff, 0xd8, 0xff) || starts(bytes, 0x47, 0x49, 0x46, 0x38))
    return { kind: "refused", key: "kind_image" };
  if (starts(bytes, 0x7b, 0x5c, 0x72, 0x74, 0x66)) return { kind: "refused", key: "kind_document" };
  if (starts(bytes, 0x37, 0x7a, 0xbc, 0xaf) || starts(bytes, 0x52, 0x61, 0x72, 0x21) || starts(bytes, 0x1f, 0x8b))
    return { kind: "refused", key: "kind_zip" };
  const head = new TextDecoder("windows-1252").decode(bytes.subarray(0, 1024)).replace(/^[\u00ef\u00bb\u00bf\s]+/, "").toLowerCase();
  if (/^(<!doctype html|<html|<table|<head)/.test(head)) return { kind: "refused", key: "kind_html" };
  if (head.startsWith("<?xml")) return { kind: "refused", key: /<html|<table/.test(head) ? "kind_html" : "kind_xml" };
  return { kind: "text" };
}

/** Bytes that no text holds: the file is something else. Call it on decoded text. */
export function looksBinary(text: string): boolean {
  const start = text.slice(0, 4096);
  let odd = 0;
  // oxlint-disable-next-line no-control-regex
  for (const c of start) if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/.test(c)) odd++;
  return odd > Math.max(2, start.length / 50);
}
