import { EyeOff, Hand, MicOff, Pin, ScreenShare, ShieldQuestion, Signal } from "lucide-react";
import { useEffect, useRef } from "react";
import { SeatPicture } from "@/features/pseudonyms/SeatPicture";
import { useT } from "@/i18n";
import type { Person } from "../live/protocol";
import { useRoom } from "./context";

/** One person: their camera or screen when it can be seen, their picture otherwise, and how they are. */
export function Tile({ person, source = "camera", large }: { person: Person; source?: "camera" | "screen"; large?: boolean }) {
  const t = useT("live");
  const { media, known, me, nameOf, isVerified, tu } = useRoom();
  const video = useRef<HTMLVideoElement>(null);
  const seen = media.of(person.id);
  const track = seen[source];
  const { attach } = media;
  useEffect(() => {
    if (track === null || !video.current) return;
    return attach(video.current, person.id, source);
  }, [track, attach, person.id, source]);
  const name = nameOf(person.id);
  const own = person.id === me.id;
  const classes = ["tile", seen.speaking && "tile-speaking", large && "tile-large", source === "screen" && "tile-screen"].filter(Boolean).join(" ");
  return (
    <figure className={classes} data-who={person.id} data-source={source}>
      {track !== null ? (
        // Sound comes from the room's own audio elements.
        <video ref={video} autoPlay playsInline muted className={`tile-video${own && source === "camera" ? " tile-mirror" : ""}`} aria-label={t(source === "screen" ? "screen_of" : "camera_of", { name })} />
      ) : (
        <div className="tile-still" aria-hidden>
          {person.picture ? <SeatPicture picture={person.picture} size={large ? 160 : 64} /> : <span className="tile-initial">{name.slice(0, 1)}</span>}
        </div>
      )}
      {seen.unreadable && <p className="tile-sealed">{t("unreadable")}</p>}
      <figcaption className="tile-name">
        {source === "screen" ? <ScreenShare aria-hidden size={16} /> : null}
        {!seen.microphone && source === "camera" ? <MicOff size={16} role="img" aria-label={t("mic_off")} /> : null}
        <span className="tile-text" translate="no">
          {own ? t("me", { name }) : name}
        </span>
        {source === "camera" && seen.camera !== null && (person.camera === "staff" || (own && person.ownCamera === "staff")) && <EyeOff size={16} role="img" aria-label={t(own && tu ? "cam_on_staff_mine" : "cam_on_staff")} />}
        {person.role === "interpreter" && <Pin size={16} role="img" aria-label={t("interpreter")} />}
        {person.hand > 0 && (
          <span className="tile-hand">
            <Hand size={16} role="img" aria-label={t("hand_raised")} />
            {person.hand}
          </span>
        )}
        {known.lesson.sealed && !own && !isVerified(person) && <ShieldQuestion size={16} role="img" aria-label={t("unverified")} />}
        {(seen.quality === "poor" || seen.quality === "lost") && <Signal size={16} className="tile-poor" role="img" aria-label={t(`quality_${seen.quality}`)} />}
      </figcaption>
    </figure>
  );
}
