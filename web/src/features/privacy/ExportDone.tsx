import { useT } from "@/i18n";
import { Notice } from "@/ui";

/** What to do with the files of an export: it stays in the page as long as they may be on the device. */
export function ExportDone({ done }: { done: boolean }) {
  const t = useT("privacy");
  if (!done) return null;
  return (
    <Notice tone="sun" alert>
      {t("exported")}
    </Notice>
  );
}
