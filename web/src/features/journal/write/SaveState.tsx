import { CircleCheck, CloudOff, CloudUpload, TriangleAlert } from "lucide-react";
import { useT } from "@/i18n";
import { Button, Notice, useSpoken } from "@/ui";
import { usePlace, usePlaceFormat } from "../place";
import type { DraftView } from "./draft";

const icons = { saved: CircleCheck, dirty: CloudUpload, saving: CloudUpload, waiting: CloudOff, overtaken: TriangleAlert, refused: TriangleAlert } as const;

/** Where the text stands, in a word that a screen reader hears when it settles. */
export function SaveState({ view }: { view: DraftView }) {
  const t = useT("desk");
  const format = usePlaceFormat();
  const { saving, savedAt, since } = view;
  const text =
    saving === "saved"
      ? savedAt === null
        ? t("save_nothing")
        : t("save_saved", { time: format.time(savedAt) })
      : saving === "waiting" && since !== null
        ? t("save_waiting", { time: format.time(since) })
        : t(saving === "dirty" || saving === "saving" ? "save_saving" : `save_${saving}`);
  useSpoken(text);
  const Icon = icons[saving];
  return (
    <p className={`save-state save-${saving}`}>
      <Icon aria-hidden size={18} /> <span>{text}</span>
    </p>
  );
}

/** When somebody else changed the piece meanwhile: both texts exist, and the person chooses. */
export function Overtaken({ title, onMine, onTheirs }: { title: string; onMine: () => void; onTheirs: () => void }) {
  const t = useT("desk");
  const { tu } = usePlace();
  return (
    <Notice
      tone="sun"
      alert
      title={title}
      action={
        <>
          <Button tone="main" onPress={onMine}>
            {t(`keep_mine${tu}`)}
          </Button>
          <Button onPress={onTheirs}>{t("keep_theirs")}</Button>
        </>
      }
    >
      {t(`overtaken_text${tu}`)}
    </Notice>
  );
}
