import { useMemo, useState } from "react";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, type Column, Dialog, Table } from "@/ui";
import type { Kind, Question } from "../api";
import { found, Search } from "../QuestionsPage";

/** Chooses questions of the bank that the test does not have yet. */
export function PickDialog({ bank, taken, open, onClose, onPick }: { bank: readonly Question[]; taken: ReadonlySet<string>; open: boolean; onClose: () => void; onPick: (questions: Question[]) => void }) {
  const t = useT("compose");
  const w = useT("writing");
  const format = useFormat();
  const [words, setWords] = useState("");
  const [kind, setKind] = useState<Kind | "all">("all");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const free = useMemo(() => bank.filter((q) => !taken.has(q.id)), [bank, taken]);
  const shown = useMemo(() => found(free, words, kind), [free, words, kind]);
  const columns: Column<Question>[] = [
    { id: "title", head: t("question"), main: true, cell: (q) => q.title },
    { id: "kind", head: t("line_kind"), cell: (q) => w(`kind_${q.kind}`) },
    { id: "skill", head: t("line_skill"), cell: (q) => q.skill },
    { id: "points", head: t("points"), end: true, cell: (q) => format.number(q.points) },
  ];
  const pick = () => {
    onPick(free.filter((q) => selected.has(q.id)).reverse());
    setSelected(new Set());
    onClose();
  };
  return (
    <Dialog title={t("pick")} open={open} onClose={onClose} wide>
      <Search words={words} kind={kind} count={shown.length} onWords={setWords} onKind={setKind} />
      {shown.length === 0 ? <p>{t("pick_none")}</p> : <Table label={t("pick")} rows={shown} columns={columns} rowId={(q) => q.id} rowName={(q) => q.title} selected={selected} onSelect={setSelected} page={50} />}
      <Actions>
        <Button tone="main" disabled={selected.size === 0} onPress={pick}>
          {t("pick_add", { count: selected.size })}
        </Button>
      </Actions>
    </Dialog>
  );
}
