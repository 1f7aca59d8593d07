import type { ReactNode } from "react";
import { useT } from "@/i18n";
import { Button, type Tone } from "@/ui";

/**
 * A button whose action leads to another page. While it runs, its word changes
 * and a second press does nothing; unlike a pending button it announces nothing
 * that outlives the page.
 */
export function Press({ busy, onPress, submit, tone, big, icon, children }: { busy: boolean; onPress?: () => void; submit?: boolean; tone?: Tone; big?: boolean; icon?: ReactNode; children: ReactNode }) {
  const t = useT("pupil");
  return (
    <Button type={submit ? "submit" : "button"} tone={tone} big={big} icon={icon} onPress={busy ? undefined : onPress}>
      {busy ? t("busy") : children}
    </Button>
  );
}
