import type { ReactNode } from "react";
import { useT } from "@/i18n";
import { Button, Notice, ProblemNotice } from "@/ui";
import { useRoom } from "./context";
import { Lobby } from "./People";
import type { Reported } from "./Reports";

/** What must be seen above the stage: how the connections stand, what was refused, who waits. */
export function Notices({ refusal, onDismiss, reports, onReports, children }: { refusal: unknown; onDismiss: () => void; reports: readonly Reported[]; onReports?: () => void; children?: ReactNode }) {
  const t = useT("live");
  const { link, media, tu } = useRoom();
  return (
    <section className="room-notices" aria-label={t("notices")}>
      {link.status === "lost" && <Notice tone="sun">{t("lost")}</Notice>}
      {media.status === "reconnecting" && link.status === "open" && <Notice tone="sun">{t("media_back")}</Notice>}
      {media.status === "refused" && <Notice tone="brick">{media.why ?? t("media_refused")}</Notice>}
      {media.soundBlocked && (
        <Notice
          tone="sun"
          action={
            <Button tone="main" onPress={() => void media.playSound()}>
              {t("play_sound")}
            </Button>
          }
        >
          {t(`sound_blocked${tu}`)}
        </Notice>
      )}
      {media.trouble && (
        <Notice tone="brick" alert action={<Button onPress={media.forgetTrouble}>{t("dismiss")}</Button>}>
          {t(`trouble_${media.trouble.device === "screen" ? "screen" : media.trouble.why}${tu}`)}
        </Notice>
      )}
      {media.suggestLighter && media.mode !== "audio" && (
        <Notice tone="sun" action={<Button onPress={() => media.setMode(media.mode === "all" ? "light" : "audio")}>{t(media.mode === "all" ? "mode_light" : "mode_audio")}</Button>}>
          {t("path_poor")}
        </Notice>
      )}
      {refusal !== null && (
        <div className="room-refusal">
          <ProblemNotice problem={refusal} />
          <Button tone="quiet" onPress={onDismiss}>
            {t("dismiss")}
          </Button>
        </div>
      )}
      {onReports && reports.length > 0 && (
        <Notice tone="brick" action={<Button onPress={onReports}>{t("reports_read")}</Button>}>
          {t("reports_seen", { count: reports.length })}
        </Notice>
      )}
      {children}
      <Lobby />
    </section>
  );
}
