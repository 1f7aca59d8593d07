import { Hourglass } from "lucide-react";
import { useState } from "react";
import { useT } from "@/i18n";
import { Button } from "@/ui";
import type { Person } from "../live/protocol";
import { present, useRoom } from "./context";
import { Tile } from "./Tile";

/** How many small pictures the strip holds before the rest are counted. */
const STRIP = 12;

type Shown = { person: Person; source: "camera" | "screen" };

/**
 * What everyone looks at: a shared screen, else whoever the teacher put
 * forward, else the teacher. An interpreter stays beside it.
 */
export function Stage({ layout }: { layout: "stage" | "grid" }) {
  const t = useT("live");
  const room = useRoom();
  const { known, me, media } = room;
  const [all, setAll] = useState(false);
  const people = present(room);
  if (!known.lesson.attended && me.kind !== "staff") {
    return (
      <div className="stage stage-waiting">
        <Hourglass aria-hidden size={48} />
        <h2>{t("unattended_title")}</h2>
        <p>{t("unattended")}</p>
      </div>
    );
  }
  if (layout === "grid") {
    return (
      <div className="grid" role="group" aria-label={t("grid")}>
        {people.map((person) => (
          <Tile key={person.id} person={person} />
        ))}
      </div>
    );
  }
  const main = onStage(people, known.lesson.spotlight, (who) => media.of(who).screen);
  const pinned = people.filter((p) => p.role === "interpreter" && p.id !== main?.person.id);
  const rest = people.filter((p) => p.id !== main?.person.id || main.source === "screen").filter((p) => !pinned.includes(p));
  const speakersFirst = [...rest].sort((a, b) => Number(media.of(b.id).speaking || media.of(b.id).camera) - Number(media.of(a.id).speaking || media.of(a.id).camera));
  const strip = all ? rest : speakersFirst.slice(0, STRIP);
  return (
    <div className="stage">
      <div className="stage-main">
        {main ? <Tile person={main.person} source={main.source} large /> : <p className="stage-empty">{t("stage_empty")}</p>}
        {pinned.map((person) => (
          <Tile key={person.id} person={person} />
        ))}
      </div>
      <div className="strip" role="group" aria-label={t("strip")}>
        {strip.map((person) => (
          <Tile key={person.id} person={person} />
        ))}
        {rest.length > STRIP && <Button onPress={() => setAll(!all)}>{all ? t("fewer") : t("others", { count: rest.length - STRIP })}</Button>}
      </div>
    </div>
  );
}

function onStage(people: readonly Person[], spotlight: string | null, sharesScreen: (who: string) => boolean): Shown | null {
  const screen = people.find((p) => p.kind === "staff" && sharesScreen(p.id)) ?? people.find((p) => sharesScreen(p.id));
  if (screen) return { person: screen, source: "screen" };
  const chosen = people.find((p) => p.id === spotlight) ?? people.find((p) => p.role === "teacher" || p.role === "coteacher" || p.role === "substitute");
  const person = chosen ?? people[0];
  return person ? { person, source: "camera" } : null;
}
