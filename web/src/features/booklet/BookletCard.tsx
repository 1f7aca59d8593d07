import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Seat } from "@/features/groups/api";
import type { At } from "@/features/invigilation/RoomView";
import { listName } from "@/features/names/search";
import { useLoadedNames } from "@/features/names/useNames";
import { useT } from "@/i18n";
import { BoxGroup, Card, Checkbox, ErrorState, PrintButton, RadioGroup, Skeleton } from "@/ui";
import { bookletQuery } from "./api";
import { BookletSheet, type Owner, ScriptSheet } from "./BookletSheet";

type What = "booklet" | "large" | "script";

/** What is printed of a sequence: booklets for pupils, and the adult's script. */
export function BookletCard({ at, seats }: { at: At; seats: readonly Seat[] }) {
  const t = useT("booklet");
  const { data, error, refetch } = useQuery(bookletQuery(at.school, at.campaign, at.group, at.sequence));
  const names = useLoadedNames(at.school, [at.group]);
  const [what, setWhat] = useState<What>("booklet");
  const [left, setLeft] = useState<ReadonlySet<string> | null>(null);
  const [each, setEach] = useState(false);
  const [named, setNamed] = useState(false);
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton rows={4} />;
  // A part that a rule gives to some is chosen by the adult.
  const out = left ?? new Set(data.stages.filter((s) => s.routed).map((s) => s.part));
  const stages = data.stages.filter((s) => !out.has(s.part));
  const printed = { ...data, stages };
  const owners: (Owner | null)[] = each
    ? seats.filter((s) => s.leftAt === undefined && s.erasedAt === undefined).map((s) => {
        const name = named ? names.name(s.id) : null;
        return { id: s.id, number: s.number, pseudonym: s.pseudonym, name: name ? listName(name) : null };
      })
    : [null];
  const choose = (part: string, on: boolean) => {
    const next = new Set(out);
    if (on) next.delete(part);
    else next.add(part);
    setLeft(next);
  };
  return (
    <Card title={t("card")} intro={t("card_text")} action={stages.length > 0 ? <PrintButton word={t("print")} /> : undefined}>
      <RadioGroup label={t("what")} value={what} onChange={setWhat} row options={(["booklet", "large", "script"] as const).map((id) => ({ id, label: t(`what_${id}`) }))} />
      {data.stages.length > 1 && (
        <BoxGroup label={t("stages")}>
          {data.stages.map((s) => (
            <Checkbox key={s.part} checked={!out.has(s.part)} onChange={(on) => choose(s.part, on)} detail={s.routed ? t("stage_routed") : undefined}>
              {`${s.title || s.part} (${s.part})`}
            </Checkbox>
          ))}
        </BoxGroup>
      )}
      {what !== "script" && (
        <Checkbox checked={each} onChange={setEach}>
          {t("each")}
        </Checkbox>
      )}
      {what !== "script" && each && names.status === "ready" && (
        <Checkbox checked={named} onChange={setNamed}>
          {t("with_names")}
        </Checkbox>
      )}
      {stages.length === 0 && <p role="status">{t("empty")}</p>}
      {stages.length > 0 && (what === "script" ? <ScriptSheet booklet={printed} /> : <BookletSheet booklet={printed} owners={owners} large={what === "large"} />)}
    </Card>
  );
}
