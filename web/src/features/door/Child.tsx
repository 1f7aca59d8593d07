import { Volume2 } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useLocale, useT } from "@/i18n";
import { Button, useHeading } from "@/ui";
import "./door.css";

/** A page for a pupil: one thing at a time, centred and big. `corner` is the way back, always at the same place. */
export function Child({ title, corner, listen, children }: { title: string; corner?: ReactNode; listen?: Sound; children: ReactNode }) {
  const heading = useHeading(title);
  return (
    <div className="child">
      <header className="child-top">
        <span className="child-name">Préau</span>
        <div>{corner}</div>
      </header>
      <main className="child-main" id="main">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {listen && <Listen sound={listen} />}
        {children}
      </main>
    </div>
  );
}

/** The recordings under web/public/sounds. */
export type Sound = "door" | "wrong" | "closed" | "scan" | "slip" | "confirm" | "waiting" | "home";

/** Reads the instruction aloud, for who does not read yet. The recordings are in French. */
export function Listen({ sound }: { sound: Sound }) {
  const t = useT("pupil");
  const playing = useRef<HTMLAudioElement | null>(null);
  const locale = useLocale();
  useEffect(() => () => playing.current?.pause(), [sound]);
  if (locale !== "fr") return null;
  const play = () => {
    playing.current?.pause();
    const audio = new Audio(`/sounds/${sound}.mp3`);
    playing.current = audio;
    void audio.play().catch(() => undefined); // a machine without sound says nothing
  };
  return (
    <Button tone="quiet" icon={<Volume2 aria-hidden />} onPress={play}>
      {t("listen")}
    </Button>
  );
}
