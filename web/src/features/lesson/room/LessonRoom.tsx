import { DoorClosed, DoorOpen, EyeOff, Flag, Gauge, LayoutGrid, LogOut, MessageCircle, Presentation, SlidersHorizontal } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type T, useT } from "@/i18n";
import { Button, type MenuEntry, useHeading } from "@/ui";
import type { Known } from "../live/fold";
import type { Live, Link } from "../live/live";
import { leads as leading, type Message, type Mood, type Person } from "../live/protocol";
import type { Media } from "../media/view";
import { Bar, emoji, type Panel } from "./Bar";
import { Chat } from "./Chat";
import { type Room, RoomContext } from "./context";
import { Hands } from "./Hands";
import { Leave } from "./Leave";
import { Notices } from "./Notices";
import { People } from "./People";
import { Report } from "./Report";
import { type Freeze, Reports, useReports } from "./Reports";
import { Settings } from "./Settings";
import { Stage } from "./Stage";
import { useReactions } from "./useReactions";
import { useSpoken } from "./useSpoken";
import "./room.css";

export interface RoomProps {
  live: Live;
  known: Known;
  link: Link;
  media: Media;
  zone?: string;
  /** As this viewer knows them. */
  nameOf: (person: Person) => string;
  /** Whether this browser checked somebody; null when it cannot tell. */
  checked: (who: string) => boolean | null;
  /** What the sealing of media has to say, beside the title. */
  sealing?: ReactNode;
  /** More lines of the menu, from the page: devices, the security code. */
  more?: readonly MenuEntry[];
  freeze?: Freeze;
  /** Above the stage: names to open, a key that is missing. */
  children?: ReactNode;
  onLeft: () => void;
}

const moods: readonly Mood[] = ["", "too_fast", "too_slow", "understood", "lost", "away"];
const icon = { "aria-hidden": true, size: 18 } as const;

/** The lesson as everyone in it sees it: what is shown, who is there, what is said, and the tools. */
export function LessonRoom(props: RoomProps) {
  const { live, known, media, more = [], freeze, sealing, children, onLeft } = props;
  const t = useT("live");
  const heading = useHeading(known.lesson.title);
  const [panel, setPanel] = useState<Panel>(null);
  const [layout, setLayout] = useState<"stage" | "grid">("stage");
  const [refusal, setRefusal] = useState<unknown>(null);
  const [reporting, setReporting] = useState<Message | true | null>(null);
  const [leaving, setLeaving] = useState(false);
  const room = useRoomOf(props, setRefusal);
  const unread = useUnread(known, panel === "chat");
  const reports = useReports(live, known);
  const floating = useReactions(live);
  useSpoken(room, panel);
  const side = useSide(panel);
  const closeSide = () => {
    setPanel(null);
    side.back();
  };
  if (!room) return null;
  const { me, leads, act } = room;

  const entries: MenuEntry[] = [
    ...(leads ? [{ id: "settings", label: t("settings"), icon: <SlidersHorizontal {...icon} />, onAction: () => setPanel("settings") } satisfies MenuEntry] : []),
    ...(reports.length > 0 ? [{ id: "reports", label: t("reports_seen", { count: reports.length }), icon: <Flag {...icon} />, onAction: () => setPanel("reports") } satisfies MenuEntry] : []),
    { id: "layout", label: t(layout === "stage" ? "to_grid" : "to_stage"), icon: layout === "stage" ? <LayoutGrid {...icon} /> : <Presentation {...icon} />, onAction: () => setLayout(layout === "stage" ? "grid" : "stage") },
    ...(["all", "light", "audio"] as const).filter((mode) => mode !== media.mode).map((mode): MenuEntry => ({ id: `mode-${mode}`, label: t(`mode_${mode}`), icon: <Gauge {...icon} />, onAction: () => media.setMode(mode) })),
    ...(me.kind === "staff" ? [] : moods.filter((m) => m !== me.state).map((m): MenuEntry => ({ id: `mood-${m}`, label: t(m ? `say_${m}` : "say_nothing"), icon: <MessageCircle {...icon} />, onAction: () => void act("state", { state: m }) }))),
    ...(me.kind === "staff" ? [] : [cameraEntry(me, t, act), { id: "report", label: t("report_title"), icon: <Flag {...icon} />, onAction: () => setReporting(true) } satisfies MenuEntry]),
    ...more,
  ];
  return (
    <RoomContext value={room}>
      <div className={`room${panel ? " room-with-side" : ""}`}>
        <header className="room-head">
          <h1 ref={heading} tabIndex={-1}>
            {known.lesson.title}
          </h1>
          <div className="room-state">
            {leads && known.lesson.preset && <span className="tag room-preset">{t(`preset_name_${known.lesson.preset}`)}</span>}
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
          </div>
          <Button tone="danger" icon={<LogOut aria-hidden size={18} />} onPress={() => setLeaving(true)}>
            {t("leave")}
          </Button>
        </header>
        <Notices refusal={refusal} onDismiss={() => setRefusal(null)} reports={reports} onReports={panel === "reports" ? undefined : () => setPanel("reports")}>
          {children}
        </Notices>
        <main className="room-stage" id="main">
          <Stage layout={layout} />
          <ul className="floating" aria-hidden>
            {floating.map((f) => (
              <li key={f.key}>{emoji[f.kind]}</li>
            ))}
          </ul>
        </main>
        {panel && (
          <aside className="room-side" id="side" aria-label={t(panel)} onKeyDown={(e) => e.key === "Escape" && closeSide()}>
            <div className="side-head">
              <h2 ref={side.heading} tabIndex={-1}>
                {t(panel)}
              </h2>
              <Button tone="quiet" onPress={closeSide}>
                {t("close_side")}
              </Button>
            </div>
            {panel === "chat" && <Chat onReport={setReporting} />}
            {panel === "people" && <People />}
            {panel === "hands" && <Hands />}
            {panel === "settings" && <Settings />}
            {panel === "reports" && <Reports reports={reports} freeze={freeze} />}
          </aside>
        )}
        <Bar panel={panel} setPanel={setPanel} unread={unread} more={entries} />
        {reporting && <Report message={reporting === true ? null : reporting} onClose={() => setReporting(null)} />}
        {leaving && <Leave onClose={() => setLeaving(false)} onLeft={onLeft} />}
      </div>
    </RoomContext>
  );
}

function cameraEntry(me: Person, t: T, act: Room["act"]): MenuEntry {
  const hidden = (me.ownCamera ?? me.camera) === "staff";
  return { id: "camera_to", label: t(hidden ? "camera_mine_everyone" : "camera_mine_staff"), icon: <EyeOff {...icon} />, onAction: () => void act("camera_to", { to: hidden ? "everyone" : "staff" }) };
}

/** What the parts of the room need; null before one is in. */
function useRoomOf({ live, known, link, media, zone, nameOf: name, checked }: RoomProps, setRefusal: (refusal: unknown) => void): Room | null {
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
    [live, setRefusal],
  );
  return useMemo(() => {
    const people = new Map(known.people.map((p) => [p.id, p]));
    const me = people.get(known.me);
    if (!me) return null;
    const leads = leading(me);
    const waiting = new Map(known.waiting?.map((w) => [w.id, w.label]));
    return {
      live, link, known, me, media, zone, leads, act,
      tu: me.kind === "seat" ? "_tu" : "",
      helps: (who) => leads || (me.role === "assistant" && (me.given?.includes(people.get(who)?.seat ?? "") ?? false)),
      can: (right) => me.kind === "staff" || (me.rights?.[right] ?? false),
      nameOf: (who) => {
        // Somebody who comes is told of before the page is drawn again.
        const person = people.get(who) ?? live.state()?.people.find((p) => p.id === who);
        return person ? name(person) : (waiting.get(who) ?? "");
      },
      isVerified: (person) => checked(person.id) ?? person.verified === true,
    };
  }, [live, known, link, media, zone, name, checked, act]);
}

/** The side stands before the bar that opens it: focus goes to its heading, and `back` to what opened it. */
function useSide(panel: Panel) {
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    if (!panel) return;
    opener.current = document.activeElement;
    heading.current?.focus({ preventScroll: true });
  }, [panel]);
  return { heading, back: () => opener.current instanceof HTMLElement && opener.current.focus() };
}

/** How many messages came since the chat was last open. */
function useUnread(known: Known, open: boolean): number {
  const [seen, setSeen] = useState(known.n);
  useEffect(() => {
    if (open) setSeen(known.n);
  }, [open, known.n]);
  return open ? 0 : known.messages.filter((m) => m.n > seen && m.by !== known.me).length;
}
