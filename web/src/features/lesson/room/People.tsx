import { Ban, Camera, CameraOff, DoorOpen, Ellipsis, Hand, Mic, MicOff, Pin, ShieldCheck, ShieldQuestion } from "lucide-react";
import { useState } from "react";
import { SeatPicture } from "@/features/pseudonyms/SeatPicture";
import { useT } from "@/i18n";
import { Button, ConfirmDialog, Menu, type MenuEntry } from "@/ui";
import type { Person } from "../live/protocol";
import { present, useRoom } from "./context";

type Asked = { what: "put_out" | "ban"; person: Person };

function useActs(ask: (asked: Asked) => void) {
  const t = useT("live");
  const { known, leads, helps, act } = useRoom();
  return (person: Person): MenuEntry[] => {
    const who = person.id;
    if (person.kind === "staff" && !leads) return [];
    const entries: (MenuEntry | false)[] = [
      leads && { id: "spotlight", label: t(known.lesson.spotlight === who ? "spotlight_off" : "spotlight_on"), icon: <Pin aria-hidden size={18} />, onAction: () => void act("spotlight", { who: known.lesson.spotlight === who ? null : who }) },
      helps(who) && { id: "mute", label: t("mute"), icon: <MicOff aria-hidden size={18} />, onAction: () => void act("mute", { who }) },
    ];
    if (person.kind !== "staff") {
      const rights = person.rights;
      entries.push(
        leads && { id: "mic", label: t(rights.microphone ? "mic_take" : "mic_give"), icon: <Mic aria-hidden size={18} />, onAction: () => void act("rights_of", { who, rights: { microphone: !rights.microphone } }) },
        leads && { id: "cam", label: t(rights.camera ? "cam_take" : "cam_give"), icon: <Camera aria-hidden size={18} />, onAction: () => void act("rights_of", { who, rights: { camera: !rights.camera } }) },
        leads && { id: "screen", label: t(rights.screen ? "screen_take" : "screen_give"), onAction: () => void act("rights_of", { who, rights: { screen: !rights.screen } }) },
        leads && { id: "chat", label: t(rights.chat ? "chat_take" : "chat_give"), onAction: () => void act("rights_of", { who, rights: { chat: !rights.chat } }) },
        leads && { id: "follow", label: t("rights_follow"), onAction: () => void act("rights_of", { who, rights: { microphone: null, camera: null, screen: null, chat: null, reactions: null, drawing: null } }) },
        leads && { id: "staff", label: t(person.camera === "staff" ? "camera_everyone" : "camera_staff"), icon: <CameraOff aria-hidden size={18} />, onAction: () => void act("cameras", { who, to: person.camera === "staff" ? "everyone" : "staff" }) },
        helps(who) && { id: "put_out", label: t("put_out"), icon: <DoorOpen aria-hidden size={18} />, danger: true, onAction: () => ask({ what: "put_out", person }) },
        leads && { id: "ban", label: t("ban"), icon: <Ban aria-hidden size={18} />, danger: true, onAction: () => ask({ what: "ban", person }) },
      );
    }
    return entries.filter((e) => e !== false);
  };
}

/** Who is in, how they are, and what staff may do about each. */
export function People() {
  const t = useT("live");
  const room = useRoom();
  const { known, me, media, nameOf, act } = room;
  const [asked, setAsked] = useState<Asked | null>(null);
  const acts = useActs(setAsked);
  const people = present(room);
  return (
    <>
      <p className="side-count">{t("people_count", { count: people.length })}</p>
      <ul className="people">
        {people.map((person) => {
          const name = nameOf(person.id);
          const seen = media.of(person.id);
          const entries = person.id === me.id ? [] : acts(person);
          return (
            <li key={person.id} className={seen.speaking ? "person person-speaking" : "person"} data-who={person.id}>
              {person.picture ? <SeatPicture picture={person.picture} size={36} /> : <span className="person-initial" aria-hidden>{name.slice(0, 1)}</span>}
              <span className="person-name">
                <span translate="no">{person.id === me.id ? t("me", { name }) : name}</span>
                <span className="person-detail">
                  {[person.kind === "seat" ? (name === person.pseudonym ? null : person.pseudonym) : t(`role_${person.role}`), person.state ? t(`state_${person.state}`) : null].filter(Boolean).join(" · ")}
                </span>
              </span>
              <span className="person-signs">
                {person.hand > 0 && <Hand size={18} aria-label={t("hand_place", { place: person.hand })} />}
                {seen.microphone ? <Mic size={18} aria-label={t("mic_on")} /> : <MicOff size={18} aria-label={t("mic_off")} />}
                {seen.camera && <Camera size={18} aria-label={t(person.camera === "staff" || known.lesson.cameras === "staff" ? "cam_on_staff" : "cam_on")} />}
                {known.lesson.sealed && (person.verified ? <ShieldCheck size={18} aria-label={t("verified")} /> : <ShieldQuestion size={18} aria-label={t("unverified")} />)}
              </span>
              {entries.length > 0 && <Menu word={t("act")} label={t("act_on", { name })} tone="quiet" icon={<Ellipsis aria-hidden size={18} />} entries={entries} />}
            </li>
          );
        })}
      </ul>
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
      <h3>{t("lobby_count", { count: waiting.length })}</h3>
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
