import { Camera, CameraOff, Ellipsis, Hand, LogOut, MessageSquare, Mic, MicOff, ScreenShare, ScreenShareOff, Smile, Users, VolumeX } from "lucide-react";
import type { ReactNode } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { useT } from "@/i18n";
import { Button, Menu, type MenuEntry } from "@/ui";
import { reactions } from "../live/protocol";
import { useRoom } from "./context";

export type Panel = "chat" | "people" | "hands" | null;

/** A tool that is on or off; `word` says what a press does. */
function Tool({ on, icon, word, disabled, onChange, badge, controls, danger }: { on: boolean; icon: ReactNode; word: string; disabled?: boolean; onChange: (on: boolean) => void; badge?: number; controls?: string; danger?: boolean }) {
  return (
    <ToggleButton className={`tool${danger ? " tool-danger" : ""}`} isSelected={on} isDisabled={disabled} onChange={onChange} aria-controls={controls}>
      {icon}
      <span className="tool-word">{word}</span>
      {badge ? <span className="tool-badge">{badge}</span> : null}
    </ToggleButton>
  );
}

const emoji = { like: "👍", clap: "👏", laugh: "😄", wow: "😮", heart: "❤️", thanks: "🙏" } as const;

/** The tools of every minute, at the bottom; the rest behind one button. */
export function Bar({ panel, setPanel, unread, more, onLeave }: { panel: Panel; setPanel: (panel: Panel) => void; unread: number; more: readonly MenuEntry[]; onLeave: () => void }) {
  const t = useT("live");
  const room = useRoom();
  const { me, media, can, leads, act, known } = room;
  const { mine } = media;
  const ready = media.status === "connected" || media.status === "reconnecting";
  const toggle = (which: Panel) => (on: boolean) => setPanel(on ? which : null);
  const up = me.hand > 0;
  return (
    <div className="bar" role="toolbar" aria-label={t("tools")}>
      <Tool
        on={mine.microphone}
        disabled={!ready || (!can("microphone") && !mine.microphone)}
        icon={mine.microphone ? <Mic aria-hidden size={22} /> : <MicOff aria-hidden size={22} />}
        word={t(mine.microphone ? "mic_close" : "mic_open")}
        onChange={(on) => void media.setMicrophone(on)}
      />
      <Tool
        on={mine.camera}
        disabled={!ready || (!can("camera") && !mine.camera)}
        icon={mine.camera ? <Camera aria-hidden size={22} /> : <CameraOff aria-hidden size={22} />}
        word={t(mine.camera ? "cam_close" : "cam_open")}
        onChange={(on) => void media.setCamera(on)}
      />
      {(me.kind === "staff" || can("screen")) && "getDisplayMedia" in (navigator.mediaDevices ?? {}) && (
        <Tool
          on={mine.screen}
          disabled={!ready}
          icon={mine.screen ? <ScreenShareOff aria-hidden size={22} /> : <ScreenShare aria-hidden size={22} />}
          word={t(mine.screen ? "screen_close" : "screen_open")}
          onChange={(on) => void media.setScreen(on)}
        />
      )}
      {me.kind !== "staff" && (
        <Tool on={up} icon={<Hand aria-hidden size={22} />} word={up ? t("hand_down", { place: me.hand }) : t("hand_up")} disabled={!known.lesson.attended} onChange={(on) => void act("hand", { up: on })} />
      )}
      {leads && <Tool on={panel === "hands"} icon={<Hand aria-hidden size={22} />} word={t("hands")} badge={known.hands.length} controls="side" onChange={toggle("hands")} />}
      {can("reactions") && (
        <Menu
          word={t("react")}
          icon={<Smile aria-hidden size={22} />}
          entries={reactions.map((kind) => ({ id: kind, label: t(`reaction_${kind}`), icon: <span aria-hidden>{emoji[kind]}</span>, onAction: () => void act("react", { kind }) }))}
        />
      )}
      <Tool on={panel === "chat"} icon={<MessageSquare aria-hidden size={22} />} word={t("chat")} badge={panel === "chat" ? 0 : unread} controls="side" onChange={toggle("chat")} />
      <Tool on={panel === "people"} icon={<Users aria-hidden size={22} />} word={t("people")} badge={leads ? (known.waiting?.length ?? 0) : 0} controls="side" onChange={toggle("people")} />
      {leads && (
        <Button icon={<VolumeX aria-hidden size={22} />} onPress={() => void act("mute_all", { sticky: false })}>
          {t("mute_all")}
        </Button>
      )}
      <Menu word={t("more")} icon={<Ellipsis aria-hidden size={22} />} entries={more} />
      <Button tone="danger" icon={<LogOut aria-hidden size={22} />} onPress={onLeave}>
        {t(leads ? "leave_or_end" : "leave")}
      </Button>
    </div>
  );
}

export { emoji };
