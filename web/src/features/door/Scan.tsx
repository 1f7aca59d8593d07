import jsQR from "jsqr";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { secretFromLink } from "@/features/names/seatSecret";
import { useT } from "@/i18n";
import { Button, Notice } from "@/ui";

/** Looks for a slip's QR code with the camera. The picture stays in this page. */
export default function Scan({ onSecret, onStop, words }: { onSecret: (secret: Uint8Array<ArrayBuffer>) => void; onStop: () => void; words?: { help: string; stop: string } }) {
  const t = useT("pupil");
  const video = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);
  const found = useEffectEvent(onSecret);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let timer = 0;
    let over = false;
    const canvas = document.createElement("canvas");
    const look = () => {
      const view = video.current;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      if (view && context && view.videoWidth > 0) {
        canvas.width = 480;
        canvas.height = Math.round((480 * view.videoHeight) / view.videoWidth);
        context.drawImage(view, 0, 0, canvas.width, canvas.height);
        const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
        const secret = secretFromLink(jsQR(data, width, height)?.data ?? "");
        if (secret) return found(secret);
      }
      timer = window.setTimeout(look, 200);
    };
    void (async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        if (over || !video.current) return stream.getTracks().forEach((track) => track.stop());
        video.current.srcObject = stream;
        await video.current.play();
        look();
      } catch {
        if (!over) setRefused(true);
      }
    })();
    return () => {
      over = true;
      window.clearTimeout(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  return (
    <>
      {refused ? (
        <Notice tone="sun" alert>
          {t("no_camera")}
        </Notice>
      ) : (
        <>
          <p>{words?.help ?? t("scan_help")}</p>
          <video ref={video} className="scan-view" muted playsInline aria-label={t("scan_view")} />
        </>
      )}
      <Button big onPress={onStop}>
        {words?.stop ?? t("type_code")}
      </Button>
    </>
  );
}
