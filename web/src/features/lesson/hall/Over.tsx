import { DoorClosed, DoorOpen } from "lucide-react";
import { useT } from "@/i18n";
import { Button, LinkButton, useHeading } from "@/ui";
import type { ByeReason } from "../live/protocol";
import type { As } from "./Hall";
import "./hall.css";

/** Those that have their own words; the others say what the server said. */
const worded = ["ended", "left", "put_out", "banned", "replaced", "guests_closed", "protocol", "session"] as const;
const isWorded = (reason: ByeReason): reason is (typeof worded)[number] => (worded as readonly ByeReason[]).includes(reason);

/** Those after which one may press to come back. */
const back: readonly ByeReason[] = ["left", "put_out", "replaced"];

/** Why one is no longer in the lesson, and what can be done. */
export function Over({ as, reason, detail, title, back: home, after, onAgain }: { as: As; reason: ByeReason; detail: string; title: string; back: { href: string; word: string }; after?: { href: string; word: string }; onAgain: () => void }) {
  const t = useT("live");
  const tu = as === "seat" ? "_tu" : "";
  const said = isWorded(reason) ? { title: t(`over_${reason}_title`), text: t(`over_${reason}${tu}`) } : { title: t("over_refused_title"), text: detail };
  const heading = useHeading(said.title);
  return (
    <main className="hall hall-middle">
      <DoorClosed aria-hidden size={48} />
      <p className="hall-over">{title}</p>
      <h1 ref={heading} tabIndex={-1}>
        {said.title}
      </h1>
      <p>{said.text}</p>
      <div className="hall-acts">
        {back.includes(reason) && (
          <Button tone="main" big={as === "seat"} icon={<DoorOpen aria-hidden size={22} />} onPress={onAgain}>
            {t("come_back")}
          </Button>
        )}
        {reason === "protocol" && (
          <Button tone="main" onPress={() => window.location.reload()}>
            {t("reload")}
          </Button>
        )}
        {reason === "ended" && after && (
          <LinkButton href={after.href} tone="main">
            {after.word}
          </LinkButton>
        )}
        <LinkButton href={home.href} big={as === "seat"}>
          {home.word}
        </LinkButton>
      </div>
    </main>
  );
}

/** The lesson lets nobody in for the moment; the page asks again by itself. */
export function Shut({ as, why, title, back: home }: { as: As; why: "not_open" | "locked"; title: string; back: { href: string; word: string } }) {
  const t = useT("live");
  const tu = as === "seat" ? "_tu" : "";
  const heading = useHeading(t(`shut_${why}_title`));
  return (
    <main className="hall hall-middle">
      <DoorClosed aria-hidden size={48} />
      <p className="hall-over">{title}</p>
      <h1 ref={heading} tabIndex={-1}>
        {t(`shut_${why}_title`)}
      </h1>
      <p role="status">{t(`shut_${why}${tu}`)}</p>
      <div className="hall-acts">
        <LinkButton href={home.href} big={as === "seat"}>
          {home.word}
        </LinkButton>
      </div>
    </main>
  );
}
