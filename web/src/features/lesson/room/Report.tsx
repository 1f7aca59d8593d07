import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Notice, TextArea } from "@/ui";
import type { Message } from "../live/protocol";
import { useRoom } from "./context";

/** A private word to the adults of the lesson; nobody else learns of it. */
export function Report({ message, onClose }: { message: Message | null; onClose: () => void }) {
  const t = useT("live");
  const { act, nameOf } = useRoom();
  const [text, setText] = useState("");
  const [sent, setSent] = useState(false);
  const send = async () => {
    const members: Record<string, unknown> = { text: text.trim() };
    if (message) Object.assign(members, { message: message.id, who: message.by });
    if (await act("report", members)) setSent(true);
  };
  return (
    <Dialog title={t("report_title")} open onClose={onClose}>
      {sent ? (
        <>
          <p role="status">{t("report_sent")}</p>
          <Notice tone="info">{t("report_3018")}</Notice>
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
          <TextArea label={t("report_field")} optional rows={3} value={text} onChange={(value) => setText(value.slice(0, 500))} />
          <Notice tone="info">{t("report_3018")}</Notice>
          <Actions>
            <Button tone="main" onPress={() => void send()}>
              {t("report_send")}
            </Button>
            <Button onPress={onClose}>{t("report_cancel")}</Button>
          </Actions>
        </>
      )}
    </Dialog>
  );
}
