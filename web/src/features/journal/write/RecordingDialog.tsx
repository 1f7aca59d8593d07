import { useMutation } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, FileDrop, Form, Notice, ProblemNotice, TextArea, TextField, announce } from "@/ui";
import { fileAddress, sendFile } from "../api";
import { usePlace } from "../place";

/** What is said of a sound or a film in a text. */
export interface RecordingWords {
  file: string;
  kind: "sound" | "film";
  name: string;
  words: string;
  credit: string;
  /** Of a film: its captions, as the file has them. */
  captions: string;
}

/** The recordings that the server reads; it takes out what tells who made them, when and where. */
const recordingTypes = ["audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/ogg", "audio/wav", "audio/x-wav", "audio/webm", "video/mp4", "video/webm"] as const;

/** As the server limits a file of captions, in bytes. */
const mostCaptions = 128 << 10;

/** A sound or a film with its own controls, which loads once it is asked to. */
export function Player({ file, kind, name }: { file: string; kind: string; name: string }) {
  const src = fileAddress(file);
  return kind === "film" ? <video className="player" src={src} controls preload="none" aria-label={name} /> : <audio className="player" src={src} controls preload="none" aria-label={name} />;
}

function Words({ of, onClose, onDone }: { of: RecordingWords; onClose: () => void; onDone: (words: RecordingWords) => void }) {
  const t = useT("desk");
  const [captions, setCaptions] = useState(of.captions);
  const [wrong, setWrong] = useState(false);
  const lines = captions.match(/-->/g)?.length ?? 0;
  const read = async (file: File) => {
    const text = file.size <= mostCaptions ? await file.text() : "";
    const found = /\d[.,]\d{1,3}\s+-->\s+\d/.test(text);
    setWrong(!found);
    if (!found) return;
    setCaptions(text);
    announce(t("captions_came", { count: text.match(/-->/g)?.length ?? 0 }));
  };
  return (
    <Form
      onSubmit={(data) => {
        const text = (name: string) => String(data.get(name) ?? "").trim();
        onDone({ file: of.file, kind: of.kind, name: text("name"), words: text("words"), credit: text("credit"), captions });
        onClose();
      }}
    >
      <Player file={of.file} kind={of.kind} name={of.name || t("recording_untitled")} />
      <TextField label={t("recording_name")} name="name" required autoFocus maxLength={200} defaultValue={of.name} wide />
      <TextArea label={t(of.kind === "film" ? "film_words" : "recording_words")} name="words" required rows={6} maxLength={30000} defaultValue={of.words} help={t(of.kind === "film" ? "film_words_help" : "recording_words_help")} wide />
      {of.kind === "film" && (
        <fieldset className="recording-captions">
          <legend className="field-label">{t("captions")}</legend>
          {captions ? (
            <div className="desk-row">
              <p>{t("captions_are", { count: lines })}</p>
              <Button icon={<Trash2 aria-hidden size={18} />} onPress={() => setCaptions("")}>
                {t("captions_remove")}
              </Button>
            </div>
          ) : (
            <>
              {wrong && (
                <Notice tone="brick" alert>
                  {t("captions_wrong")}
                </Notice>
              )}
              <FileDrop label={t("captions_bring")} action={t("captions_choose")} accept={[".vtt", ".srt"]} onFile={(file) => void read(file)} />
            </>
          )}
        </fieldset>
      )}
      <TextField label={t("recording_credit")} name="credit" required maxLength={200} defaultValue={of.credit} wide />
      <Actions>
        <Button type="submit" tone="main">
          {t("recording_put")}
        </Button>
      </Actions>
    </Form>
  );
}

/** Sends a sound or a film, and asks what must be said of it: its title, and what is said in it. */
export function RecordingDialog({ open, onClose, words, onDone }: { open: boolean; onClose: () => void; words?: RecordingWords; onDone: (words: RecordingWords) => void }) {
  const t = useT("desk");
  const { school, tu } = usePlace();
  const [file, setFile] = useState<RecordingWords | null>(null);
  const send = useMutation({
    mutationFn: (recording: File) => sendFile(school, recording),
    onSuccess: (sent) => {
      const known = sent.kind === "sound" || sent.kind === "film";
      if (known) announce(t("recording_came"));
      setFile(known ? { file: sent.id, kind: sent.kind as "sound" | "film", name: "", words: "", credit: "", captions: "" } : null);
    },
  });
  const close = () => {
    setFile(null);
    send.reset();
    onClose();
  };
  const shown = words ?? file;
  return (
    <Dialog title={t(words ? "recording_change" : "recording_add")} open={open} onClose={close}>
      {shown ? (
        <Words of={shown} onClose={close} onDone={onDone} />
      ) : (
        <>
          <Notice>{t(`recording_voices${tu}`)}</Notice>
          {send.error && <ProblemNotice problem={send.error} />}
          {send.isPending ? (
            <p role="status">{t("sending")}</p>
          ) : (
            <FileDrop label={t("recording_bring")} action={t("file_choose")} accept={recordingTypes} onFile={(recording) => send.mutate(recording)} />
          )}
        </>
      )}
    </Dialog>
  );
}
