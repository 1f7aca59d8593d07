import { Camera, CameraOff, Ellipsis, Hand, MessageSquare, Mic, MicOff, ScreenShare, ScreenShareOff, Smile, Users, VolumeX } from "lucide-react";
import type { ReactNode } from "react";
import { Group } from "react-aria-components/Group";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { useT } from "@/i18n";
import { Button, Menu, type MenuEntry } from "@/ui";
import { reactions } from "../live/protocol";
import type { Device } from "../media/view";
import { useRoom } from "./context";
import { useNarrow } from "./useNarrow";

export type Panel = "chat" | "people" | "hands" | "settings" | "reports" | null;

export const emoji = { like: "👍", clap: "👏", laugh: "😄", wow: "😮", heart: "❤️", thanks: "🙏" } as const;

type ToolProps = { on: boolean; icon: ReactNode; word: string; label?: string; disabled?: boolean; onChange: (on: boolean) => void; badge?: number; panel?: boolean };

/** A tool that is on or off; `word` says what a press does, `label` the same in full: it holds the word. */
function Tool({ on, icon, word, label, disabled, onChange, badge, panel }: ToolProps) {
  return (
    <ToggleButton className="tool" isSelected={on} isDisabled={disabled} onChange={onChange} aria-label={label} aria-controls={panel && on ? "side" : undefined} data-badge={badge || undefined}>
      {icon}
      <span className="tool-word">{word}</span>
    </ToggleButton>
  );
}

const devices = { microphone: { on: Mic, off: MicOff, right: "mic" }, camera: { on: Camera, off: CameraOff, right: "cam" }, screen: { on: ScreenShareOff, off: ScreenShare, right: "screen" } } as const;

function DeviceTool({ device }: { device: Device }) {
  const t = useT("live");
  const { media, can } = useRoom();
  const { on: On, off: Off, right } = devices[device];
  const on = media.mine[device];
  const ready = media.status === "connected" || media.status === "reconnecting";
  const Icon = on ? On : Off;
  return (
    <Tool
      on={on}
      disabled={!ready || (!can(device) && !on)}
      icon={<Icon aria-hidden size={22} />}
      word={t(can(device) || on ? `${right}_${on ? "close" : "open"}_word` : `${right}_not`)}
      label={can(device) || on ? t(`${right}_${on ? "close" : "open"}`) : undefined}
      onChange={(to) => void media.setDevice(device, to)}
    />
  );
}

/** The tools of every minute, at the bottom; the rest behind one button. */
export function Bar({ panel, setPanel, unread, more }: { panel: Panel; setPanel: (panel: Panel) => void; unread: number; more: readonly MenuEntry[] }) {
  const t = useT("live");
  const { me, can, leads, act, known } = useRoom();
  const narrow = useNarrow();
  const toggle = (which: Panel) => (on: boolean) => setPanel(on ? which : null);
  const waiting = leads ? (known.waiting?.length ?? 0) : 0;
  const up = me.hand > 0;
  const reacts: MenuEntry[] = reactions.map((kind) => ({ id: kind, label: t(`reaction_${kind}`), icon: <span aria-hidden>{emoji[kind]}</span>, onAction: () => void act("react", { kind }) }));
  const behind: MenuEntry[] = narrow
    ? [
        { id: "people", label: t("people_seen", { count: known.people.filter((p) => p.here).length }), icon: <Users aria-hidden size={18} />, onAction: () => setPanel("people") },
        ...(leads ? [{ id: "mute_all", label: t("mute_all"), icon: <VolumeX aria-hidden size={18} />, onAction: () => void act("mute_all", { sticky: false }) } satisfies MenuEntry] : []),
        ...(can("reactions") && me.kind !== "staff" ? reacts : []),
        ...more,
      ]
    : [...more];
  return (
    <footer className="room-bar">
      <Group className="bar" aria-label={t("tools")}>
        <DeviceTool device="microphone" />
        <DeviceTool device="camera" />
        {!narrow && can("screen") && sharesScreen() && <DeviceTool device="screen" />}
        {leads ? (
          <Tool on={panel === "hands"} icon={<Hand aria-hidden size={22} />} word={t("hands_word")} label={t("hands_seen", { count: known.hands.length })} badge={known.hands.length} panel onChange={toggle("hands")} />
        ) : (
          <Tool
            on={up}
            icon={<Hand aria-hidden size={22} />}
            word={t(up ? "hand_down_word" : "hand_up_word")}
            badge={me.hand}
            label={up ? t("hand_down", { place: me.hand }) : t("hand_up")}
            disabled={!known.lesson.attended && me.kind !== "staff"}
            onChange={(to) => void act("hand", { up: to })}
          />
        )}
        <Tool on={panel === "chat"} icon={<MessageSquare aria-hidden size={22} />} word={t("chat")} label={unread && panel !== "chat" ? t("chat_unread", { count: unread }) : undefined} badge={panel === "chat" ? 0 : unread} panel onChange={toggle("chat")} />
        {!narrow && <Tool on={panel === "people"} icon={<Users aria-hidden size={22} />} word={t("people")} label={waiting ? t("people_waiting", { count: waiting }) : undefined} badge={waiting} panel onChange={toggle("people")} />}
        {!narrow && can("reactions") && <Menu word={t("react")} icon={<Smile aria-hidden size={22} />} entries={reacts} />}
        {!narrow && leads && (
          <Button icon={<VolumeX aria-hidden size={22} />} label={t("mute_all")} onPress={() => void act("mute_all", { sticky: false })}>
            {t("mute_all_word")}
          </Button>
        )}
        <Menu word={t("more")} icon={<Ellipsis aria-hidden size={22} />} entries={behind} />
      </Group>
    </footer>
  );
}

/** Phones have no way to share their screen. */
function sharesScreen(): boolean {
  return "getDisplayMedia" in (navigator.mediaDevices ?? {});
}
