import { Settings2 } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useT } from "@/i18n";
import { type MenuEntry, Notice, Skeleton } from "@/ui";
import { noteNavigation } from "@/ui/arrival";
import { Live } from "../live/live";
import type { Person } from "../live/protocol";
import { type Opening, useMedia } from "../media/useMedia";
import { LessonRoom } from "../room/LessonRoom";
import type { Freeze } from "../room/Reports";
import { useLive } from "../room/useLive";
import { DevicesDialog } from "./DevicesDialog";
import { Over, Shut } from "./Over";
import { Ready } from "./Ready";
import { CodeNotice, SealButton } from "./SealWords";
import type { Presented } from "./standing";
import { useSealing } from "./useSealing";

export type As = "staff" | "seat" | "guest";

export interface HallProps {
  as: As;
  /** Of the connection, below the origin. */
  path: string;
  lesson: string;
  title: string;
  /** Undefined while it is made. */
  presented: Presented | undefined;
  zone?: string;
  nameOf: (person: Person) => string;
  /** What stands above the stage: names to open. */
  children?: ReactNode;
  more?: readonly MenuEntry[];
  freeze?: Freeze;
  /** Goes back to where one came from. */
  back: { href: string; word: string };
  /** Where one reads what came of it, once it is over. */
  after?: { href: string; word: string };
}

/** From the door of a lesson to its end: what one tries before, the room, and why one is out. */
export function Hall(props: HallProps) {
  const [opening, setOpening] = useState<Opening | null>(null);
  const { presented } = props;
  const enter = (chosen: Opening) => {
    noteNavigation();
    setOpening(chosen);
  };
  if (!opening || !presented) return <Ready as={props.as} title={props.title} back={props.back} waiting={!presented} onEnter={enter}>{props.children}</Ready>;
  return <Inside {...props} presented={presented} opening={opening} onAgain={() => setOpening(null)} />;
}

type InsideProps = HallProps & { presented: Presented; opening: Opening; onAgain: () => void };

function Inside(props: InsideProps) {
  const { as, path, lesson, title, presented, opening, back, zone, nameOf, children, more = [], freeze, after, onAgain } = props;
  const t = useT("live");
  const [first] = useState(presented.greeting);
  const live = useMemo(() => new Live(path, first), [path, first]);
  const { known, link } = useLive(live);
  const { recipient, mac } = presented.greeting;
  useEffect(() => live.greet({ recipient, mac }), [live, recipient, mac]);
  const sealed = useSealing(live, lesson, known, link, presented.standing);
  const attended = as === "staff" || known?.lesson.attended !== false;
  const { media, engine } = useMedia(live, link, attended, link.status === "over" ? undefined : sealed.seal, opening);
  const [left, setLeft] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const { unverified } = sealed.view;
  const checked = useCallback((who: string) => unverified && !unverified.has(who), [unverified]);
  if (left) return <Over as={as} reason="left" detail="" title={title} back={back} onAgain={onAgain} />;
  if (link.status === "over") return <Over as={as} reason={link.reason} detail={link.detail} title={title} back={back} after={after} onAgain={onAgain} />;
  if (link.status === "shut") return <Shut as={as} why={link.why} title={title} back={back} />;
  if (!known) {
    return (
      <main className="hall">
        <h1>{title}</h1>
        {link.status === "lost" ? <Notice tone="sun">{t("lost")}</Notice> : <p role="status">{t("connecting")}</p>}
        <Skeleton rows={3} />
      </main>
    );
  }
  const unable = sealed.on && presented.standing === null;
  return (
    <>
      <LessonRoom
        live={live}
        known={known}
        link={link}
        media={media}
        zone={zone}
        nameOf={nameOf}
        checked={checked}
        freeze={freeze}
        sealing={<SealButton as={as} sealed={sealed} known={known} nameOf={nameOf} />}
        more={[{ id: "devices", label: t("devices"), icon: <Settings2 aria-hidden size={18} />, onAction: () => setChoosing(true) }, ...more]}
        onLeft={() => setLeft(true)}
      >
        {children}
        {unable && <Notice tone="brick">{t(as === "seat" ? "seal_unable_tu" : "seal_unable")}</Notice>}
        {sealed.on && !unable && !sealed.view.hasKey && <Notice tone="sun">{t(sealed.view.refused ? "seal_refused" : as === "staff" ? "seal_waiting_staff" : "seal_waiting")}</Notice>}
        <CodeNotice as={as} sealed={sealed} />
      </LessonRoom>
      {choosing && <DevicesDialog engine={engine} onClose={() => setChoosing(false)} />}
    </>
  );
}
