import { CloudOff } from "lucide-react";
import { useSyncExternalStore } from "react";
import { onReach, offlineSince } from "@/api/reach";
import { useFormat, useT } from "@/i18n";
import "./Offline.css";

/** Since when the server is out of reach, in ms, or null. */
export function useOfflineSince(): number | null {
  return useSyncExternalStore(onReach, offlineSince, offlineSince);
}

/** Says since when nothing reaches the server, and what is kept meanwhile. */
export function OfflineBanner({ kept }: { kept?: string }) {
  const t = useT("ui");
  const format = useFormat();
  const since = useOfflineSince();
  return (
    <div role="status">
      {since !== null && (
        <div className="offline">
          <CloudOff aria-hidden size={20} />
          <p>
            {t("offline_since", { time: format.time(since) })} {kept ?? t("offline_kept")}
          </p>
        </div>
      )}
    </div>
  );
}
