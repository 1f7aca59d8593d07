import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, FileDrop, Form, Notice, ProblemNotice, TextArea, TextField, announce } from "@/ui";
import { fileAddress, sendFile } from "../api";
import { usePlace } from "../place";
import type { PictureWords } from "./schema";

/** The pictures that the server reads; it writes them again from their pixels, so that nothing else is left in them. */
export const pictureTypes = ["image/jpeg", "image/png", "image/gif"] as const;

type Props = {
  open: boolean;
  onClose: () => void;
  /** The picture to change; none: another is chosen. */
  words?: PictureWords;
  withCaption?: boolean;
  onDone: (words: PictureWords) => void;
};

function Words({ words, withCaption, onClose, onDone }: { words: PictureWords } & Omit<Props, "open" | "words">) {
  const t = useT("desk");
  const { tu } = usePlace();
  return (
    <Form
      onSubmit={(data) => {
        const text = (name: string) => String(data.get(name) ?? "").trim();
        onDone({ file: words.file, alt: text("alt"), credit: text("credit"), caption: text("caption") });
        onClose();
      }}
    >
      <img className="picture-preview" src={fileAddress(words.file)} alt="" />
      <TextArea label={t("alt")} name="alt" required autoFocus rows={2} maxLength={400} defaultValue={words.alt} help={t(`alt_help${tu}`)} wide />
      <TextField label={t("credit")} name="credit" required maxLength={200} defaultValue={words.credit} help={t("credit_help")} wide />
      {withCaption && <TextField label={t("caption")} name="caption" optional maxLength={400} defaultValue={words.caption} wide />}
      <Actions>
        <Button type="submit" tone="main">
          {t("picture_put")}
        </Button>
      </Actions>
    </Form>
  );
}

/** Sends a picture, and asks what must be said of it: what it shows, and who made it. */
export function PictureDialog({ open, onClose, words, withCaption, onDone }: Props) {
  const t = useT("desk");
  const { school, tu } = usePlace();
  const [file, setFile] = useState<string | null>(null);
  const send = useMutation({
    mutationFn: (picture: File) => sendFile(school, picture),
    onSuccess: (sent) => {
      if (sent.kind === "picture") announce(t("picture_came"));
      setFile(sent.kind === "picture" ? sent.id : null);
    },
  });
  const close = () => {
    setFile(null);
    send.reset();
    onClose();
  };
  const shown = words ?? (file ? { file, alt: "", credit: "", caption: "" } : null);
  return (
    <Dialog title={t(words ? "picture_change" : "picture_add")} open={open} onClose={close}>
      {shown ? (
        <Words words={shown} withCaption={withCaption} onClose={close} onDone={onDone} />
      ) : (
        <>
          <Notice>{t(`picture_faces${tu}`)}</Notice>
          {send.error && <ProblemNotice problem={send.error} />}
          {send.isPending ? (
            <p role="status">{t("sending")}</p>
          ) : (
            <FileDrop label={t("picture_bring")} action={t("file_choose")} accept={pictureTypes} onFile={(picture) => send.mutate(picture)} />
          )}
        </>
      )}
    </Dialog>
  );
}
