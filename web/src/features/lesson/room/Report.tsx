import { useRef, useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Notice, TextArea } from "@/ui";
import type { Message } from "../live/protocol";
import { useRoom } from "./context";

const LONGEST = 500;

/** A private word to the adults of the lesson; nobody else learns of it. */
export function Report({ message, onClose }: { message: Message | null; onClose: () => void }) {
  const t = useT("live");
  const { act, nameOf, tu } = useRoom();
  const [text, setText] = useState("");
  const [stage, setStage] = useState<"writing" | "sending" | "sent">("writing");
  const key = useRef(crypto.randomUUID());
  const send = async () => {
    setStage("sending");
    const about = message ? { message: message.id, who: message.by } : {};
    setStage((await act("report", { ...about, text: text.trim(), key: key.current })) ? "sent" : "writing");
  };
  return (
    <Dialog title={t("report_title")} open onClose={onClose}>
      {stage === "sent" ? (
        <>
          <p role="status">{t("report_sent")}</p>
          <Notice tone="info">{t(`report_3018${tu}`)}</Notice>
          <Actions>
            <Button tone="main" onPress={onClose}>
              {t("report_close")}
            </Button>
          </Actions>
        </>
      ) : (
        <>
          <p>{t("report_text")}</p>
          {message && (
            <blockquote className="report-quote">
              <p>{message.text}</p>
              <footer translate="no">{nameOf(message.by)}</footer>
            </blockquote>
          )}
          <TextArea label={t("report_field")} optional rows={3} value={text} maxLength={LONGEST} onChange={(value) => setText(value.slice(0, LONGEST))} />
          <Notice tone="info">{t(`report_3018${tu}`)}</Notice>
          <Actions>
            <Button tone="main" pending={stage === "sending"} onPress={() => void send()}>
              {t("report_send")}
            </Button>
            <Button onPress={onClose}>{t("report_cancel")}</Button>
          </Actions>
        </>
      )}
    </Dialog>
  );
}
