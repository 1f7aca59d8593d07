import { Ban, Camera, CameraOff, DoorOpen, Ellipsis, Hand, MessageSquare, Mic, MicOff, Pin, RotateCcw, ScreenShare, ShieldCheck, ShieldQuestion } from "lucide-react";
import { useState } from "react";
import { SeatPicture } from "@/features/pseudonyms/SeatPicture";
import { useT } from "@/i18n";
import { Button, ConfirmDialog, Menu, type MenuEntry } from "@/ui";
import type { Person } from "../live/protocol";
import { present, useRoom } from "./context";

type Asked = { what: "put_out" | "ban"; person: Person };

const icon = { "aria-hidden": true, size: 18 } as const;
const given = [
  { right: "microphone", key: "mic", icon: Mic },
  { right: "camera", key: "cam", icon: Camera },
  { right: "screen", key: "screen", icon: ScreenShare },
  { right: "chat", key: "chat", icon: MessageSquare },
] as const;

/** What this viewer can do about somebody. */
function useActs(ask: (asked: Asked) => void): (person: Person) => MenuEntry[] {
  const t = useT("live");
  const { known, leads, helps, act, me } = useRoom();
  return (person) => {
    const who = person.id;
    if (!helps(who) || who === me.id) return [];
    const entries: MenuEntry[] = [];
    const lit = known.lesson.spotlight === who;
    if (leads) entries.push({ id: "spotlight", label: t(lit ? "spotlight_off" : "spotlight_on"), icon: <Pin {...icon} />, onAction: () => void act("spotlight", { who: lit ? null : who }) });
    entries.push({ id: "mute", label: t("mute"), icon: <MicOff {...icon} />, onAction: () => void act("mute", { who }) });
    if (person.kind === "staff") return entries;
    const { rights, own = {} } = person;
    if (leads && rights) {
      for (const { right, key, icon: Icon } of given) {
        entries.push({ id: right, label: t(`${key}_${rights[right] ? "take" : "give"}`), icon: <Icon {...icon} />, onAction: () => void act("rights_of", { who, rights: { [right]: !rights[right] } }) });
      }
      if (Object.values(own).some((v) => typeof v === "boolean")) {
        const follow = Object.fromEntries(Object.keys(own).map((right) => [right, null]));
        entries.push({ id: "follow", label: t("rights_follow"), icon: <RotateCcw {...icon} />, onAction: () => void act("rights_of", { who, rights: follow }) });
      }
      const hidden = person.camera === "staff";
      if (!(hidden && person.ownCamera === "staff")) {
        entries.push({ id: "camera", label: t(hidden ? "camera_everyone" : "camera_staff"), icon: <CameraOff {...icon} />, onAction: () => void act("cameras", { who, to: hidden ? "everyone" : "staff" }) });
      }
    }
    entries.push({ id: "put_out", label: t("put_out"), icon: <DoorOpen {...icon} />, danger: true, onAction: () => ask({ what: "put_out", person }) });
    if (leads) entries.push({ id: "ban", label: t("ban"), icon: <Ban {...icon} />, danger: true, onAction: () => ask({ what: "ban", person }) });
    return entries;
  };
}

function Row({ person, entries }: { person: Person; entries: readonly MenuEntry[] }) {
  const t = useT("live");
  const { known, me, media, nameOf, isVerified } = useRoom();
  const seen = media.of(person.id);
  const name = nameOf(person.id);
  const details = [
    person.kind === "seat" ? (name === person.pseudonym ? null : person.pseudonym) : t(`role_${person.role}`),
    person.state ? t(`state_${person.state}`) : null,
    known.lesson.sealed && person.id !== me.id && !isVerified(person) ? t("unverified") : null,
  ];
  return (
    <li className={seen.speaking ? "person person-speaking" : "person"} data-who={person.id}>
      {person.picture ? <SeatPicture picture={person.picture} size={36} /> : <span className="person-initial" aria-hidden>{name.slice(0, 1)}</span>}
      <span className="person-name">
        <span translate="no">{person.id === me.id ? t("me", { name }) : name}</span>
        <span className="person-detail">{details.filter(Boolean).join(" · ")}</span>
      </span>
      <span className="person-signs">
        {person.hand > 0 && <Hand size={18} role="img" aria-label={t("hand_place", { place: person.hand })} />}
        {seen.microphone ? <Mic size={18} role="img" aria-label={t("mic_on")} /> : <MicOff size={18} role="img" aria-label={t("mic_off")} />}
        {seen.camera !== null && <Camera size={18} role="img" aria-label={t(person.camera === "staff" ? "cam_on_staff" : "cam_on")} />}
        {known.lesson.sealed && (person.id === me.id || isVerified(person) ? <ShieldCheck size={18} role="img" aria-label={t("verified")} /> : <ShieldQuestion size={18} aria-hidden />)}
      </span>
      {entries.length > 0 && <Menu word={t("act")} label={t("act_on", { name })} tone="quiet" icon={<Ellipsis {...icon} />} entries={entries} />}
    </li>
  );
}

/** Who is in, how they are, and what staff can do about each. */
export function People() {
  const t = useT("live");
  const room = useRoom();
  const { nameOf, act, leads, known } = room;
  const [asked, setAsked] = useState<Asked | null>(null);
  const actsOf = useActs(setAsked);
  const people = present(room);
  const banned = leads ? known.people.filter((p) => p.banned) : [];
  return (
    <>
      <p className="side-count">{t("people_count", { count: people.length })}</p>
      <ul className="people" aria-label={t("people")}>
        {people.map((person) => (
          <Row key={person.id} person={person} entries={actsOf(person)} />
        ))}
      </ul>
      {banned.length > 0 && (
        <section aria-labelledby="banned">
          <h3 id="banned">{t("banned")}</h3>
          <ul className="people">
            {banned.map((person) => (
              <li key={person.id} className="person">
                <span className="person-name" translate="no">
                  {nameOf(person.id)}
                </span>
                <Button label={t("unban_of", { name: nameOf(person.id) })} onPress={() => void act("ban", { who: person.id, lift: true })}>
                  {t("unban")}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {asked && (
        <ConfirmDialog
          title={t(`${asked.what}_title`, { name: nameOf(asked.person.id) })}
          action={t(asked.what)}
          danger
          open
          onClose={() => setAsked(null)}
          onConfirm={() => act(asked.what, { who: asked.person.id })}
        >
          <p>{t(`${asked.what}_text`)}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

/** Guests who knocked and wait for an answer. */
export function Lobby() {
  const t = useT("live");
  const { known, leads, act } = useRoom();
  const waiting = known.waiting ?? [];
  if (!leads || waiting.length === 0) return null;
  return (
    <section className="lobby" aria-label={t("lobby")}>
      <h2>{t("lobby_count", { count: waiting.length })}</h2>
      <ul>
        {waiting.map((guest) => (
          <li key={guest.id}>
            <span translate="no">{guest.label}</span>
            <Button tone="main" label={t("admit_of", { name: guest.label })} onPress={() => void act("admit", { who: guest.id, yes: true })}>
              {t("admit")}
            </Button>
            <Button label={t("deny_of", { name: guest.label })} onPress={() => void act("admit", { who: guest.id, yes: false })}>
              {t("deny")}
            </Button>
          </li>
        ))}
      </ul>
      {waiting.length > 1 && (
        <div className="lobby-all">
          <Button onPress={() => void act("admit", { who: null, yes: true })}>{t("admit_all")}</Button>
          <Button onPress={() => void act("admit", { who: null, yes: false })}>{t("deny_all")}</Button>
        </div>
      )}
    </section>
  );
}
