import { useMutation } from "@tanstack/react-query";
import { FileText, Trash2 } from "lucide-react";
import { useState } from "react";
import { useT } from "@/i18n";
import { Button, FileDrop, Notice, ProblemNotice } from "@/ui";
import { fileAddress, sendFile } from "../api";
import { usePlace } from "../place";

const most = 20;

/** The documents that go with a piece. */
export function Documents({ ids, known, onChange }: { ids: readonly string[]; known: readonly { id: string; name: string }[]; onChange: (ids: string[]) => void }) {
  const t = useT("desk");
  const { school } = usePlace();
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const [wrong, setWrong] = useState(false);
  const send = useMutation({
    mutationFn: (file: File) => sendFile(school, file),
    onSuccess: (file) => {
      setNames((before) => ({ ...before, [file.id]: file.name }));
      onChange([...ids, file.id]);
    },
  });
  return (
    <>
      {ids.length > 0 && (
        <ul className="documents">
          {ids.map((id, i) => {
            const name = names[id] || known.find((file) => file.id === id)?.name || t("document_number", { count: i + 1 });
            return (
              <li key={id} className="desk-row">
                <a className="desk-link" href={fileAddress(id)} download>
                  <FileText aria-hidden size={18} /> {name}
                </a>
                <Button icon={<Trash2 aria-hidden size={18} />} onPress={() => onChange(ids.filter((other) => other !== id))} label={t("document_remove_of", { name })}>
                  {t("document_remove")}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      {wrong && (
        <Notice tone="brick" alert>
          {t("document_wrong")}
        </Notice>
      )}
      {send.error && <ProblemNotice problem={send.error} />}
      {send.isPending ? (
        <p role="status">{t("sending")}</p>
      ) : (
        ids.length < most && <FileDrop label={t("document_bring")} action={t("file_choose")} accept={["application/pdf"]} onFile={(file) => {
            const pdf = /\.pdf$/i.test(file.name);
            setWrong(!pdf);
            if (pdf) send.mutate(file);
          }} />
      )}
    </>
  );
}
