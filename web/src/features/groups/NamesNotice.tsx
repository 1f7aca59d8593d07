import type { NamesStatus } from "@/features/names/schoolVault";
import { useT } from "@/i18n";
import { LinkButton, Notice } from "@/ui";

const texts: Partial<Record<NamesStatus, { title: string; text: string; action?: string }>> = {
  none: { title: "names_none_title", text: "names_none_text", action: "names_none_action" },
  locked: { title: "names_locked_title", text: "names_locked_text", action: "names_locked_action" },
  waiting: { title: "names_waiting_title", text: "names_waiting_text", action: "names_waiting_action" },
  changed: { title: "names_changed_title", text: "names_changed_text", action: "names_changed_action" },
};

/** Why the names do not show beside the pseudonyms, and what to do about it. Nothing once they do. */
export function NamesNotice({ status }: { status: NamesStatus }) {
  const t = useT("groups");
  const words = texts[status];
  if (!words) return null;
  return (
    <Notice tone={status === "changed" ? "brick" : "info"} title={t(words.title)} action={words.action && <LinkButton href="/noms">{t(words.action)}</LinkButton>}>
      {t(words.text)}
    </Notice>
  );
}
