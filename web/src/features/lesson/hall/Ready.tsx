import { Camera, CameraOff, DoorOpen, Mic, MicOff } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { ToggleButton } from "react-aria-components/ToggleButton";
import { useT } from "@/i18n";
import { Button, LinkButton, Notice, useHeading } from "@/ui";
import type { Opening } from "../media/useMedia";
import { DeviceChoice } from "./DeviceChoice";
import type { As } from "./Hall";
import { Sound } from "./Sound";
import { useDevices, useTrial } from "./useTrial";
import "./hall.css";

/** Before the lesson: see oneself, hear oneself, choose devices. Nothing opens without a press, and nothing leaves this browser. */
export function Ready({ as, title, back, waiting, onEnter, children }: { as: As; title: string; back: { href: string; word: string }; waiting: boolean; onEnter: (opening: Opening) => void; children?: ReactNode }) {
  const t = useT("live");
  const heading = useHeading(title);
  const camera = useTrial("videoinput");
  const microphone = useTrial("audioinput");
  const devices = useDevices(camera.stream ?? microphone.stream);
  const video = useRef<HTMLVideoElement>(null);
  const tu = as === "seat" ? "_tu" : "";
  useEffect(() => {
    if (video.current) video.current.srcObject = camera.stream;
  }, [camera.stream]);
  const enter = () => {
    const opening = { microphone: microphone.stream !== null, camera: camera.stream !== null };
    microphone.close();
    camera.close();
    onEnter(opening);
  };
  const trouble = camera.trouble ?? microphone.trouble;
  return (
    <main className={`hall ready${as === "seat" ? " ready-pupil" : ""}`} id="main">
      <header className="ready-head">
        <LinkButton href={back.href} tone="quiet">
          {back.word}
        </LinkButton>
      </header>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <div className="ready-body">
        <section className="ready-see" aria-label={t("ready_try")}>
          {camera.stream ? (
            <video ref={video} className="ready-video tile-mirror" autoPlay playsInline muted aria-label={t("ready_self")} />
          ) : (
            <p className="ready-video ready-off">
              <CameraOff aria-hidden size={40} />
              <span>{t("ready_camera_off")}</span>
            </p>
          )}
          <div className="ready-tools">
            <ToggleButton className="tool" isSelected={microphone.stream !== null} onChange={(on) => (on ? void microphone.open() : microphone.close())}>
              {microphone.stream ? <Mic aria-hidden size={22} /> : <MicOff aria-hidden size={22} />}
              <span>{t(microphone.stream ? "mic_close" : "mic_open")}</span>
            </ToggleButton>
            <ToggleButton className="tool" isSelected={camera.stream !== null} onChange={(on) => (on ? void camera.open() : camera.close())}>
              {camera.stream ? <Camera aria-hidden size={22} /> : <CameraOff aria-hidden size={22} />}
              <span>{t(camera.stream ? "cam_close" : "cam_open")}</span>
            </ToggleButton>
          </div>
        </section>
        <section className="ready-do" aria-label={t("ready_join")}>
          {children}
          <p>{t(`ready_text${tu}`)}</p>
          {trouble && (
            <Notice tone="brick" alert>
              {t(`trouble_${trouble}${tu}`)}
            </Notice>
          )}
          {microphone.stream && <Sound stream={microphone.stream} />}
          {microphone.stream && (
            <>
              <DeviceChoice kind="audioinput" devices={devices} onChoose={() => void microphone.open()} />
              <DeviceChoice kind="audiooutput" devices={devices} />
            </>
          )}
          {camera.stream && <DeviceChoice kind="videoinput" devices={devices} onChoose={() => void camera.open()} />}
          <Button tone="main" big pending={waiting} icon={<DoorOpen aria-hidden size={22} />} onPress={enter}>
            {t(`ready_enter`)}
          </Button>
          <p className="ready-kept">{t(`ready_kept${tu}`)}</p>
        </section>
      </div>
    </main>
  );
}
