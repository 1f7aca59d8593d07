import { Hourglass } from "lucide-react";
import { useEffect, useState } from "react";
import { useT } from "@/i18n";
import { Button } from "@/ui";
import { leads, type Person } from "../live/protocol";
import { present, useRoom } from "./context";
import { Tile } from "./Tile";
import { useNarrow } from "./useNarrow";

/** How many small pictures the strip holds before the rest are counted. */
const STRIP = 12;
const STRIP_NARROW = 6;

type Shown = { person: Person; source: "camera" | "screen" };

/**
 * What everyone looks at: a shared screen, else whoever the teacher put
 * forward, else the teacher. An interpreter stays beside it.
 */
export function Stage({ layout }: { layout: "stage" | "grid" }) {
  const t = useT("live");
  const room = useRoom();
  const { known, me, media, tu } = room;
  const [all, setAll] = useState(false);
  const strip = useNarrow() ? STRIP_NARROW : STRIP;
  const people = present(room);
  const recent = useRecentSpeakers(people.filter((p) => media.of(p.id).speaking).map((p) => p.id));
  if (!known.lesson.attended && me.kind !== "staff") {
    return (
      <div className="stage stage-waiting">
        <Hourglass aria-hidden size={48} />
        <h2>{t("unattended_title")}</h2>
        <p>{t(`unattended${tu}`)}</p>
      </div>
    );
  }
  if (layout === "grid") {
    return (
      <div className="grid" role="group" aria-label={t("grid")} tabIndex={0}>
        {people.map((person) => (
          <Tile key={person.id} person={person} />
        ))}
      </div>
    );
  }
  const main = onStage(people, known.lesson.spotlight, (who) => media.of(who).screen !== null, me.id, recent);
  const pinned = people.filter((p) => p.role === "interpreter" && p.id !== main?.person.id);
  const rest = people.filter((p) => (p.id !== main?.person.id || main.source === "screen") && !pinned.includes(p));
  const weight = (p: Person) => (recent.includes(p.id) ? 4 : 0) + (media.of(p.id).camera !== null ? 2 : 0) + (p.hand > 0 ? 1 : 0);
  const chosen = all ? rest : [...rest].sort((a, b) => weight(b) - weight(a)).slice(0, strip);
  // Those chosen keep the order of the list, so that faces do not jump about.
  const shown = rest.filter((p) => chosen.includes(p));
  const alone = people.length === 1;
  return (
    <div className="stage">
      <div className="stage-main">
        {main && <Tile person={main.person} source={main.source} large />}
        {pinned.map((person) => (
          <Tile key={person.id} person={person} />
        ))}
      </div>
      {alone && <p className="stage-alone">{t(me.kind === "staff" ? "alone_staff" : `alone${tu}`)}</p>}
      {rest.length > 0 && (
        <div className="strip" role="group" aria-label={t("strip")} tabIndex={0}>
          {shown.map((person) => (
            <Tile key={person.id} person={person} />
          ))}
          {rest.length > strip && <Button onPress={() => setAll(!all)}>{all ? t("fewer") : t("others", { count: rest.length - strip })}</Button>}
        </div>
      )}
    </div>
  );
}

/** Those who spoke last, so that a face stays while one breathes. */
function useRecentSpeakers(speaking: readonly string[]): readonly string[] {
  const [recent, setRecent] = useState<readonly string[]>([]);
  const now = speaking.join(" ");
  useEffect(() => {
    if (now === "") return;
    const list = now.split(" ");
    setRecent((before) => [...list, ...before.filter((who) => !list.includes(who))].slice(0, 4));
  }, [now]);
  return recent;
}

function onStage(people: readonly Person[], spotlight: string | null, sharesScreen: (who: string) => boolean, me: string, recent: readonly string[]): Shown | null {
  const screens = people.filter((p) => p.id !== me && sharesScreen(p.id));
  const screen = screens.find((p) => p.kind === "staff") ?? screens[0] ?? people.find((p) => sharesScreen(p.id));
  if (screen) return { person: screen, source: "screen" };
  const teachers = people.filter(leads);
  // One looks at others: one's own face is on the stage only when nobody else is there.
  const speaker = teachers.some((p) => p.id === me) ? people.find((p) => p.id === recent.find((who) => who !== me)) : undefined;
  const person = people.find((p) => p.id === spotlight) ?? teachers.find((p) => p.id !== me) ?? speaker ?? teachers[0] ?? people[0];
  return person ? { person, source: "camera" } : null;
}
