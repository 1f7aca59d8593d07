import { useMutation } from "@tanstack/react-query";
import { ImagePlus, Trash2, Volume2 } from "lucide-react";
import { useState } from "react";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Dialog, FileDrop, Notice, ProblemNotice, TextField } from "@/ui";
import { fileAddress, type QuestionFile, sendFile } from "../api";
import { Fault } from "./Group";
import type { Picture } from "./sheet";

/** What the server reads; it writes pictures again from their pixels, and takes out of sounds what tells who made them. */
const accepted = {
  picture: ["image/jpeg", "image/png", "image/gif"],
  sound: ["audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/ogg", "audio/wav", "audio/x-wav", "audio/webm"],
} as const;

/** Brings a picture or a sound. */
export function BringFile({ kind, label, onFile }: { kind: "picture" | "sound"; label?: string; onFile: (file: QuestionFile) => void }) {
  const t = useT("writing");
  const { school } = useWork();
  const [open, setOpen] = useState(false);
  const [other, setOther] = useState(false);
  const send = useMutation({
    mutationFn: (file: File) => sendFile(school.id, file),
    onSuccess: (file) => {
      if (file.kind !== kind) return setOther(true);
      setOpen(false);
      onFile(file);
    },
  });
  const Icon = kind === "picture" ? ImagePlus : Volume2;
  return (
    <>
      <Button
        label={label}
        icon={<Icon aria-hidden size={18} />}
        onPress={() => {
          send.reset();
          setOther(false);
          setOpen(true);
        }}
      >
        {t(`add_${kind}`)}
      </Button>
      <Dialog title={t(`add_${kind}`)} open={open} onClose={() => setOpen(false)}>
        <Notice>{t(`${kind}_people`)}</Notice>
        {send.error && <ProblemNotice problem={send.error} />}
        {other && <Notice tone="brick">{t(`${kind}_other`)}</Notice>}
        {send.isPending ? <p role="status">{t("sending")}</p> : <FileDrop label={t(`${kind}_bring`)} action={t("choose_file")} accept={accepted[kind]} onFile={(file) => send.mutate(file)} />}
      </Dialog>
    </>
  );
}

/** A picture, and what it shows in words. */
export function PictureFields({ name, picture, what, onChange, onRemove }: { name: string; picture: Picture; what: string; onChange: (picture: Picture) => void; onRemove: () => void }) {
  const t = useT("writing");
  const { school } = useWork();
  return (
    <Fault name={`${name}.file`} label={t("picture")}>
      <div className="write-picture">
        <img src={fileAddress(school.id, picture.file)} alt="" />
        <TextField name={`${name}.alt`} label={t("alt")} value={picture.alt} onChange={(alt) => onChange({ ...picture, alt })} required maxLength={400} help={t("alt_help")} wide />
        <Button tone="quiet" label={t("remove_picture_of", { what })} icon={<Trash2 aria-hidden size={18} />} onPress={onRemove}>
          {t("remove_picture")}
        </Button>
      </div>
    </Fault>
  );
}
