import { FileUp } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { FileTrigger } from "react-aria-components/FileTrigger";
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
  const [over, setOver] = useState(false);
  const id = useId();
  return (
    <div
      className={`drop${over ? " drop-over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
    >
      <FileUp aria-hidden size={32} />
      <p id={id}>{label}</p>
      <FileTrigger
        acceptedFileTypes={accept}
        onSelect={(files) => {
          const file = files?.[0];
          if (file) onFile(file);
        }}
      >
        <Button describedBy={id}>{action}</Button>
      </FileTrigger>
      {children}
    </div>
  );
}
