import { Ear, Square } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useT } from "@/i18n";
import { Button } from "@/ui";
import { remembered } from "../media/devices";

const RECORD_MS = 3_000;

/** How loud a stream is now, from 0 to 1; 0 when there is none. */
function useLevel(stream: MediaStream | null): number {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    if (!stream) return setLevel(0);
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
      setLevel(Math.min(1, power * 4));
    }, 100);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [stream]);
  return level;
}

/** Hears oneself: how loud one is, and three seconds recorded here and played back. */
export function Sound({ stream }: { stream: MediaStream }) {
  const t = useT("live");
  const level = useLevel(stream);
  const [stage, setStage] = useState<"ready" | "recording" | "playing">("ready");
  const end = useRef<(() => void) | null>(null);
  useEffect(() => () => end.current?.(), []);
  const listen = () => {
    if (stage !== "ready") return end.current?.();
    const recorder = new MediaRecorder(stream);
    const parts: Blob[] = [];
    const timer = setTimeout(() => recorder.stop(), RECORD_MS);
    let stopped = false;
    end.current = () => {
      stopped = true;
      clearTimeout(timer);
      if (recorder.state !== "inactive") recorder.stop();
      setStage("ready");
    };
    recorder.ondataavailable = (e) => parts.push(e.data);
    recorder.onstop = () => !stopped && play(new Blob(parts, { type: recorder.mimeType }));
    recorder.start();
    setStage("recording");
  };
  const play = (sound: Blob) => {
    const url = URL.createObjectURL(sound);
    const audio = new Audio(url);
    const done = () => {
      audio.pause();
      URL.revokeObjectURL(url);
      setStage("ready");
    };
    end.current = done;
    audio.onended = done;
    audio.onerror = done;
    setStage("playing");
    const speaker = remembered("audiooutput");
    if (speaker && "setSinkId" in audio) void audio.setSinkId(speaker).catch(() => undefined); // gone since: the usual one plays
    void audio.play().catch(done);
  };
  return (
    <div className="sound">
      <span className="field-label">{t("level")}</span>
      <div className="level" role="meter" aria-label={t("level")} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(level * 100)}>
        <span style={{ inlineSize: `${Math.round(level * 100)}%` }} />
      </div>
      <p className="field-help">{t(level > 0.02 ? "level_heard" : "level_silent")}</p>
      <Button icon={stage === "ready" ? <Ear aria-hidden size={18} /> : <Square aria-hidden size={18} />} onPress={listen}>
        {t(`listen_${stage}`)}
      </Button>
    </div>
  );
}
