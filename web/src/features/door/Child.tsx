import { Volume2 } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useLocale, useT } from "@/i18n";
import { Language } from "@/features/session/Language";
import { Mark } from "@/features/session/Mark";
import { Button, SkipLink, useHeading } from "@/ui";
import "./door.css";

type ChildProps = {
  title: string;
  corner?: ReactNode;
  listen?: Sound;
  /** Offers the other language: at the entrance only. */
  language?: boolean;
  children: ReactNode;
};

/**
 * A page for a pupil: one thing at a time, centred and big. `corner` is the way
 * back, always at the same place. When the page becomes another thing, focus
 * goes to its title, which is then read.
 */
export function Child({ title, corner, listen, language, children }: ChildProps) {
  const heading = useHeading(title);
  const locale = useLocale();
  const shown = useRef({ title, locale });
  useEffect(() => {
    const before = shown.current;
    shown.current = { title, locale };
    if (before.title !== title && before.locale === locale) heading.current?.focus();
  }, [title, locale, heading]);
  return (
    <div className="child">
      <SkipLink />
      <header className="child-top">
        <span className="child-name">
          <Mark size={32} />
          Préau
        </span>
        <div className="child-corner no-print">
          {language && <Language />}
          {corner}
        </div>
      </header>
      <main className="child-main" id="contenu" tabIndex={-1}>
        <h1 key={title} ref={heading} tabIndex={-1}>
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
