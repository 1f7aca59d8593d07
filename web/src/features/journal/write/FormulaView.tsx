import { type NodeViewProps, NodeViewWrapper } from "@tiptap/react";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useT } from "@/i18n";
import { Formula, useFormula } from "../Formula";
import { usePlace } from "../place";
import { FormulaDialog } from "./FormulaDialog";

/** A formula in the text as it is written: pressing it changes it. */
export function FormulaView({ node, updateAttributes }: NodeViewProps) {
  const t = useT("desk");
  const [open, setOpen] = useState(false);
  const { school } = usePlace();
  const source = String(node.attrs.source);
  const said = useFormula(source);
  return (
    <NodeViewWrapper as="span" contentEditable={false}>
      <Button className="prose-formula" onPress={() => setOpen(true)}>
        <Formula source={source} /> <span className="heard">{t("formula_change_of", { words: said.data?.words ?? source })}</span>
      </Button>
      <FormulaDialog school={school} open={open} onClose={() => setOpen(false)} source={source} onDone={(typed) => updateAttributes({ source: typed })} />
    </NodeViewWrapper>
  );
}
