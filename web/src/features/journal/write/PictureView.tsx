import { type NodeViewProps, NodeViewWrapper } from "@tiptap/react";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useT } from "@/i18n";
import { Button, toast } from "@/ui";
import { fileAddress } from "../api";
import { PictureDialog } from "./PictureDialog";

/** A picture in the text as it is written, with what changes it beside it. */
export function PictureView({ node, updateAttributes, deleteNode, editor, selected }: NodeViewProps) {
  const t = useT("desk");
  const [open, setOpen] = useState(false);
  const remove = () => {
    deleteNode();
    editor.commands.focus();
    toast(t("picture_removed"));
  };
  const words = { file: String(node.attrs.file), alt: String(node.attrs.alt ?? ""), credit: String(node.attrs.credit ?? ""), caption: String(node.attrs.caption ?? "") };
  return (
    <NodeViewWrapper as="figure" className={`prose-picture${selected ? " prose-picture-on" : ""}`} contentEditable={false}>
      <img src={fileAddress(words.file)} alt={words.alt} data-drag-handle />
      <figcaption>
        {words.caption} {words.credit && <small>{t("credit_of", { name: words.credit })}</small>}
        <span className="prose-alt">{t("alt_is", { text: words.alt })}</span>
      </figcaption>
      <div className="desk-row">
        <Button icon={<Pencil aria-hidden size={18} />} onPress={() => setOpen(true)} label={t("picture_change_of", { name: words.alt })}>
          {t("picture_change")}
        </Button>
        <Button icon={<Trash2 aria-hidden size={18} />} onPress={remove} label={t("picture_remove_of", { name: words.alt })}>
          {t("picture_remove")}
        </Button>
      </div>
      <PictureDialog open={open} onClose={() => setOpen(false)} words={words} withCaption onDone={updateAttributes} />
    </NodeViewWrapper>
  );
}
