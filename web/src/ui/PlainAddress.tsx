import { useT } from "@/i18n";
import { Notice } from "./Notice";

/** Whether the browser refuses cryptography, camera and passkeys here: plain http from another machine. */
export function isPlainAddress(): boolean {
  return globalThis.crypto?.subtle === undefined;
}

/** Says what is missing at a plain address, and where to go. Nothing anywhere else. */
export function PlainAddress() {
  const t = useT("ui");
  if (!isPlainAddress()) return null;
  return (
    <Notice tone="sun" title={t("plain_title")}>
      {t("plain_text")}
    </Notice>
  );
}
