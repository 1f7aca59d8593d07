import { FileUp } from "lucide-react";
import type { ReactNode } from "react";
import { DropZone } from "react-aria-components/DropZone";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { Text } from "react-aria-components/Text";
import { Button } from "./Button";
import "./FileDrop.css";

type Props = {
  /** What to bring: "Déposez ici le fichier de la liste". */
  label: string;
  /** The button's verb: "Choisir un fichier". */
  action: string;
  /** Extensions or media types: [".csv", ".ods"]. */
  accept: readonly string[];
  onFile: (file: File) => void;
  children?: ReactNode;
};

/** A file, dropped or chosen. It stays in the browser until the page says otherwise. */
export function FileDrop({ label, action, accept, onFile, children }: Props) {
  return (
    <DropZone
      className="drop"
      onDrop={async (event) => {
        for (const item of event.items) if (item.kind === "file") return onFile(await item.getFile());
      }}
    >
      <FileUp aria-hidden size={32} />
      <Text slot="label">{label}</Text>
      <FileTrigger
        acceptedFileTypes={accept}
        onSelect={(files) => {
          const file = files?.[0];
          if (file) onFile(file);
        }}
      >
        <Button>{action}</Button>
      </FileTrigger>
      {children}
    </DropZone>
  );
}
