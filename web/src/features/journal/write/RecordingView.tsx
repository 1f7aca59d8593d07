import { type NodeViewProps, NodeViewWrapper } from "@tiptap/react";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useT } from "@/i18n";
import { Button, toast } from "@/ui";
import { Player, RecordingDialog, type RecordingWords } from "./RecordingDialog";

/** A sound or a film in the text as it is written, with what changes it beside it. */
export function RecordingView({ node, updateAttributes, deleteNode, editor, selected }: NodeViewProps) {
  const t = useT("desk");
  const [open, setOpen] = useState(false);
  const remove = () => {
    deleteNode();
    editor.commands.focus();
    toast(t("recording_removed"));
  };
  const words: RecordingWords = { file: String(node.attrs.file), kind: node.attrs.kind === "film" ? "film" : "sound", name: String(node.attrs.name ?? ""), words: String(node.attrs.words ?? ""), credit: String(node.attrs.credit ?? ""), captions: String(node.attrs.captions ?? "") };
  return (
    <NodeViewWrapper as="figure" className={`prose-picture${selected ? " prose-picture-on" : ""}`} contentEditable={false}>
      <Player file={words.file} kind={words.kind} name={words.name} />
      <figcaption>
        {words.name} {words.credit && <small>{words.credit}</small>}
      </figcaption>
      <div className="desk-row">
        <Button icon={<Pencil aria-hidden size={18} />} onPress={() => setOpen(true)} label={t("recording_change_of", { name: words.name })}>
          {t("recording_change")}
        </Button>
        <Button icon={<Trash2 aria-hidden size={18} />} onPress={remove} label={t("recording_remove_of", { name: words.name })}>
          {t("recording_remove")}
        </Button>
      </div>
      <RecordingDialog open={open} onClose={() => setOpen(false)} words={words} onDone={(next) => updateAttributes({ ...next })} />
    </NodeViewWrapper>
  );
}
