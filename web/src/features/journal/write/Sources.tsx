import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useT } from "@/i18n";
import { Button, TextField } from "@/ui";
import type { Source } from "../api";
import { linkOf } from "./document";

const most = 40;

/** Whether the server would take an address as it is typed; an unfinished one is not sent. */
export function webOf(typed: string): string | null {
  const link = linkOf(typed);
  return link?.startsWith("http") ? link : null;
}

/** Where what is said was found. What is not an address yet stays in the page. */
export function Sources({ sources, onChange }: { sources: readonly Source[]; onChange: (sources: Source[]) => void }) {
  const t = useT("desk");
  const [typed, setTyped] = useState<readonly Source[]>(sources);
  const [added, setAdded] = useState(-1);
  const change = (next: readonly Source[]) => {
    setTyped(next);
    onChange(next.filter((s) => s.title.trim() || s.url.trim()).map((s) => ({ title: s.title.trim(), url: webOf(s.url) ?? "" })).filter((s) => s.title || s.url));
  };
  const at = (i: number, part: Partial<Source>) => change(typed.map((s, j) => (j === i ? { ...s, ...part } : s)));
  return (
    <>
      <p className="field-help">{t("sources_help")}</p>
      {typed.length > 0 && (
        <ol className="sources">
          {typed.map((source, i) => (
            // Their order is theirs alone: a source has no other name.
            <li key={i}>
              <TextField label={t("source_title", { count: i + 1 })} value={source.title} maxLength={200} autoFocus={i === added} onChange={(title) => at(i, { title })} wide />
              <TextField
                label={t("source_url", { count: i + 1 })}
                value={source.url}
                maxLength={600}
                autoCapitalize="off"
                onChange={(url) => at(i, { url })}
                error={source.url.trim() && !webOf(source.url) ? t("link_wrong") : null}
                wide
              />
              <Button icon={<Trash2 aria-hidden size={18} />} onPress={() => change(typed.filter((_, j) => j !== i))} label={t("source_remove_of", { count: i + 1 })}>
                {t("source_remove")}
              </Button>
            </li>
          ))}
        </ol>
      )}
      {typed.length < most && (
        <div>
          <Button icon={<Plus aria-hidden size={18} />} onPress={() => {
              setAdded(typed.length);
              setTyped([...typed, { title: "", url: "" }]);
            }}>
            {t("source_add")}
          </Button>
        </div>
      )}
    </>
  );
}
