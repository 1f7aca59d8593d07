import { DoorClosed, DoorOpen, EyeOff, Flag, Gauge, LayoutGrid, Lock, LockOpen, Presentation, ShieldCheck, VolumeX } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useT } from "@/i18n";
import { Actions, announce, Button, Dialog, Notice, ProblemNotice, useHeading } from "@/ui";
import type { MenuEntry } from "@/ui";
import type { Known } from "../live/fold";
import type { Live, Link } from "../live/live";
import type { Message, Mood, Preset } from "../live/protocol";
import type { Floating, Media } from "../media/view";
import { Bar, emoji, type Panel } from "./Bar";
import { Chat } from "./Chat";
import { type Room, RoomContext } from "./context";
import { Hands } from "./Hands";
import { Lobby, People } from "./People";
import { Report } from "./Report";
import { Stage } from "./Stage";
import "./room.css";

type Props = {
  live: Live;
  known: Known;
  link: Link;
  media: Media;
  zone: string;
  /** As this viewer knows them. */
  nameOf: (who: string) => string;
  /** The seats that an assistant was given; absent for everyone else. */
  givenSeats?: ReadonlySet<string>;
  /** What the sealing of media has to say, beside the title. */
  sealing?: ReactNode;
  /** More lines of the menu, from the page: devices, the security code. */
  more?: readonly MenuEntry[];
  /** Above the stage: names to open, a second device at the door. */
  children?: ReactNode;
  onLeft: () => void;
};

const leading = new Set(["teacher", "coteacher", "substitute"]);
const presets: readonly Preset[] = ["cours", "debat", "evaluation", "silence"];
const moods: readonly Mood[] = ["", "too_fast", "too_slow", "understood", "lost", "away"];
const FLOAT_MS = 4_000;

/** The lesson as everyone in it sees it: what is shown, who is there, what is said, and the tools. */
export function LessonRoom({ live, known, link, media, zone, nameOf, givenSeats, sealing, more = [], children, onLeft }: Props) {
  const t = useT("live");
  const heading = useHeading(known.lesson.title);
  const [panel, setPanel] = useState<Panel>(null);
  const [layout, setLayout] = useState<"stage" | "grid">("stage");
  const [refusal, setRefusal] = useState<unknown>(null);
  const [reporting, setReporting] = useState<Message | true | null>(null);
  const [leaving, setLeaving] = useState(false);
  const me = known.people.find((p) => p.id === known.me);
  const leads = me ? leading.has(me.role) : false;

  const act = useCallback(
    async (command: string, members?: Record<string, unknown>) => {
      try {
        await live.ask(command, members);
        setRefusal(null);
        return true;
      } catch (error) {
        setRefusal(error);
        return false;
      }
    },
    [live],
  );
  const room = useMemo<Room | null>(() => {
    if (!me) return null;
    const people = new Map(known.people.map((p) => [p.id, p]));
    const helps = (who: string) => leads || (me.role === "assistant" && (givenSeats?.has(people.get(who)?.seat ?? "") ?? false));
    return { live, link, known, me, media, zone, leads, helps, can: (right) => me.kind === "staff" || me.rights[right], nameOf, act };
  }, [live, link, known, me, media, zone, leads, givenSeats, nameOf, act]);

  const unread = useUnread(known, panel === "chat");
  const floating = useReactions(live);
  useSpoken(room);
  if (!room || !me) return null;

  const entries: MenuEntry[] = [
    { id: "layout", label: t(layout === "stage" ? "to_grid" : "to_stage"), icon: layout === "stage" ? <LayoutGrid aria-hidden size={18} /> : <Presentation aria-hidden size={18} />, onAction: () => setLayout(layout === "stage" ? "grid" : "stage") },
    ...(["all", "light", "audio"] as const)
      .filter((mode) => mode !== media.mode)
      .map((mode): MenuEntry => ({ id: `mode-${mode}`, label: t(`mode_${mode}`), icon: <Gauge aria-hidden size={18} />, onAction: () => media.setMode(mode) })),
    ...(me.kind === "staff" ? [] : moods.filter((m) => m !== me.state).map((m): MenuEntry => ({ id: `mood-${m}`, label: t(m ? `say_${m}` : "say_nothing"), onAction: () => void act("state", { state: m }) }))),
    ...(me.kind === "staff"
      ? []
      : [
          { id: "camera_to", label: t(me.camera === "staff" ? "camera_mine_everyone" : "camera_mine_staff"), icon: <EyeOff aria-hidden size={18} />, onAction: () => void act("camera_to", { to: me.camera === "staff" ? "everyone" : "staff" }) } satisfies MenuEntry,
          { id: "report", label: t("report"), icon: <Flag aria-hidden size={18} />, onAction: () => setReporting(true) } satisfies MenuEntry,
        ]),
    ...(leads
      ? [
          ...presets.map((preset): MenuEntry => ({ id: `preset-${preset}`, label: t(`preset_${preset}`), onAction: () => void act("preset", { preset }) })),
          { id: "sticky", label: t("mute_all_sticky"), icon: <VolumeX aria-hidden size={18} />, onAction: () => void act("mute_all", { sticky: true }) } satisfies MenuEntry,
          { id: "cameras", label: t(known.lesson.cameras === "staff" ? "cameras_everyone" : "cameras_staff"), icon: <EyeOff aria-hidden size={18} />, onAction: () => void act("cameras", { to: known.lesson.cameras === "staff" ? "everyone" : "staff" }) } satisfies MenuEntry,
          { id: "lock", label: t(known.lesson.locked ? "unlock" : "lock"), icon: known.lesson.locked ? <LockOpen aria-hidden size={18} /> : <Lock aria-hidden size={18} />, onAction: () => void act("lock", { to: !known.lesson.locked }) } satisfies MenuEntry,
        ]
      : []),
    ...more,
  ];
  return (
    <RoomContext value={room}>
      <div className={`room${panel ? " room-with-side" : ""}`}>
        <header className="room-head">
          <h1 ref={heading} tabIndex={-1}>
            {known.lesson.title}
          </h1>
          <p className="room-state">
            {known.lesson.preset && <span className="tag">{t(`preset_name_${known.lesson.preset}`)}</span>}
            {known.lesson.locked && (
              <span className="tag">
                <DoorClosed aria-hidden size={16} /> {t("locked")}
              </span>
            )}
            {!known.lesson.locked && known.lesson.guests && leads && (
              <span className="tag">
                <DoorOpen aria-hidden size={16} /> {t("guests_open")}
              </span>
            )}
            {sealing}
          </p>
        </header>
        <div className="room-notices">
          {link.status === "lost" && <Notice tone="sun">{t("lost")}</Notice>}
          {media.status === "reconnecting" && <Notice tone="sun">{t("media_back")}</Notice>}
          {media.status === "refused" && <Notice tone="brick">{media.why ?? t("media_refused")}</Notice>}
          {media.soundBlocked && <Notice tone="sun" action={<Button tone="main" onPress={() => void media.playSound()}>{t("play_sound")}</Button>}>{t("sound_blocked")}</Notice>}
          {media.suggestLighter && media.mode !== "audio" && (
            <Notice tone="sun" action={<Button onPress={() => media.setMode(media.mode === "all" ? "light" : "audio")}>{t(media.mode === "all" ? "mode_light" : "mode_audio")}</Button>}>
              {t("path_poor")}
            </Notice>
          )}
          {refusal !== null && (
            <div className="room-refusal">
              <ProblemNotice problem={refusal} />
              <Button tone="quiet" onPress={() => setRefusal(null)}>
                {t("dismiss")}
              </Button>
            </div>
          )}
          {children}
          <Lobby />
        </div>
        <main className="room-stage" id="main">
          <Stage layout={layout} />
          <ul className="floating" aria-hidden>
            {floating.map((f) => (
              <li key={f.key}>{emoji[f.kind]}</li>
            ))}
          </ul>
        </main>
        {panel && (
          <aside className="room-side" id="side" aria-label={t(panel)}>
            <div className="side-head">
              <h2>{t(panel)}</h2>
              <Button tone="quiet" onPress={() => setPanel(null)}>
                {t("close_side")}
              </Button>
            </div>
            {panel === "chat" && <Chat onReport={setReporting} />}
            {panel === "people" && <People />}
            {panel === "hands" && <Hands />}
          </aside>
        )}
        <Bar panel={panel} setPanel={setPanel} unread={unread} more={entries} onLeave={() => setLeaving(true)} />
        {reporting && <Report message={reporting === true ? null : reporting} onClose={() => setReporting(null)} />}
        {leaving && <Leave onClose={() => setLeaving(false)} onLeft={onLeft} room={room} />}
      </div>
    </RoomContext>
  );
}

function Leave({ room, onClose, onLeft }: { room: Room; onClose: () => void; onLeft: () => void }) {
  const t = useT("live");
  const leave = async () => {
    await room.live.ask("leave").catch(() => undefined); // out of reach, the page goes all the same
    onLeft();
  };
  const end = async () => {
    if (await room.act("end")) onLeft();
    else onClose();
  };
  return (
    <Dialog title={t("leave_title")} open onClose={onClose}>
      <p>{t(room.leads ? "leave_text_staff" : "leave_text")}</p>
      <Actions>
        {room.leads && (
          <Button tone="danger" onPress={() => void end()}>
            {t("end")}
          </Button>
        )}
        <Button tone={room.leads ? "plain" : "main"} onPress={() => void leave()}>
          {t(room.leads ? "leave_others" : "leave")}
        </Button>
        <Button onPress={onClose}>{t("stay")}</Button>
      </Actions>
    </Dialog>
  );
}

/** How many messages came since the chat was last open. */
function useUnread(known: Known, open: boolean): number {
  const [seen, setSeen] = useState(known.n);
  useEffect(() => {
    if (open) setSeen(known.n);
  }, [open, known.n]);
  return known.messages.filter((m) => m.n > seen && m.by !== known.me).length;
}

/** Reactions of the last seconds. */
function useReactions(live: Live): readonly Floating[] {
  const [floating, setFloating] = useState<readonly Floating[]>([]);
  const next = useRef(1);
  useEffect(() => {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const stop = live.onSignal((signal) => {
      if (signal.sig !== "reaction" || !((signal.kind as string) in emoji)) return;
      const one: Floating = { key: next.current++, by: signal.by as string, kind: signal.kind as Floating["kind"] };
      setFloating((all) => [...all.slice(-20), one]);
      const timer = setTimeout(() => {
        timers.delete(timer);
        setFloating((all) => all.filter((f) => f !== one));
      }, FLOAT_MS);
      timers.add(timer);
    });
    return () => {
      stop();
      for (const timer of timers) clearTimeout(timer);
    };
  }, [live]);
  return floating;
}

/** Says to a screen reader what sighted people see pass. */
function useSpoken(room: Room | null): void {
  const t = useT("live");
  const latest = useRef(room);
  latest.current = room;
  const live = room?.live;
  useEffect(
    () =>
      live?.onEvent((event) => {
        const r = latest.current;
        if (!r) return;
        const name = (who: unknown) => r.nameOf(who as string);
        const mine = event.by === r.me.id || event.who === r.me.id;
        switch (event.ev) {
          case "hand":
            if (event.up && r.me.kind === "staff") announce(t("said_hand", { name: name(event.who) }));
            else if (event.who === r.me.id) announce(event.up ? t("said_my_hand", { place: (r.live.state()?.hands.indexOf(r.me.id) ?? 0) + 1 }) : t("said_my_hand_down"));
            return;
          case "message":
            if (!mine) announce(t("said_message", { name: name(event.by), text: event.text as string }));
            return;
          case "joined":
            if (r.me.kind === "staff") announce(t("said_joined", { name: name((event.person as { id: string }).id) }));
            return;
          case "left":
            if (r.me.kind === "staff") announce(t("said_left", { name: name(event.who) }));
            return;
          case "muted":
            if (event.who === r.me.id || (event.all === true && r.me.kind !== "staff")) announce(t("said_muted"));
            return;
          case "unattended":
            announce(t("unattended_title"));
            return;
          case "waiting":
            announce(t("said_waiting", { name: event.label as string }));
            return;
          case "reported":
            announce(t("said_reported"));
        }
      }),
    [live, t],
  );
}

/** A small sign that says what protects the sound and the pictures. */
export function SealSign({ sealed, detail }: { sealed: boolean; detail: string }) {
  return (
    <span className={`tag${sealed ? " tag-tree" : ""}`}>
      <ShieldCheck aria-hidden size={16} /> {detail}
    </span>
  );
}
