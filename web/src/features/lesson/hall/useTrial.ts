import { useCallback, useEffect, useRef, useState } from "react";
import { remembered } from "../media/devices";

type Trouble = "denied" | "none" | "busy" | "other";

/** One device being tried on this page alone: nothing of it leaves the browser. */
export interface Trial {
  stream: MediaStream | null;
  trouble: Trouble | null;
  open: () => Promise<void>;
  close: () => void;
}

/** Tries a camera or a microphone, opened by a press and closed with the page. */
export function useTrial(kind: "audioinput" | "videoinput"): Trial {
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const held = useRef<MediaStream | null>(null);
  const gone = useRef(false);
  const close = useCallback(() => {
    for (const track of held.current?.getTracks() ?? []) track.stop();
    held.current = null;
    setStream(null);
  }, []);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      for (const track of held.current?.getTracks() ?? []) track.stop();
    };
  }, []);
  const open = useCallback(async () => {
    close();
    setTrouble(null);
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
      const id = remembered(kind);
      const wanted = id ? { deviceId: { ideal: id } } : {};
      const got = await navigator.mediaDevices.getUserMedia(
        kind === "videoinput" ? { video: { ...wanted, width: { ideal: 960 }, height: { ideal: 540 } } } : { audio: { ...wanted, noiseSuppression: true, echoCancellation: true, autoGainControl: true } },
      );
      if (gone.current) for (const track of got.getTracks()) track.stop();
      else {
        held.current = got;
        setStream(got);
      }
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  }, [kind, close]);
  return { stream, trouble, open, close };
}

function troubleOf(error: unknown): Trouble {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "other";
}

/** The devices of this machine; their names are known once one was opened. */
export function useDevices(asked: unknown): readonly MediaDeviceInfo[] {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    const media = navigator.mediaDevices;
    if (!media) return;
    let gone = false;
    const list = () => void media.enumerateDevices().then((all) => gone || setDevices(all.filter((d) => d.deviceId !== "" && d.label !== "")));
    list();
    media.addEventListener("devicechange", list);
    return () => {
      gone = true;
      media.removeEventListener("devicechange", list);
    };
  }, [asked]);
  return devices;
}
