import { useMutation } from "@tanstack/react-query";
import { Dices, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Card, ProblemNotice, Select, TextField } from "@/ui";
import { type BlueprintLine, drawQuestions, type Kind, type Question } from "../api";
import { Fault } from "../write/Group";
import { kinds } from "../write/sheet";
import type { Part } from "./plan";
import { choose } from "./plan";

const MOST_LINES = 24;

type Props = {
  bank: readonly Question[];
  lines: readonly BlueprintLine[];
  seed: string;
  onLines: (lines: BlueprintLine[]) => void;
  onDrawn: (parts: Part[], seed: string) => void;
};

/** Draws questions: so many of this, so many of that. */
export function Draw({ bank, lines, seed, onLines, onDrawn }: Props) {
  const t = useT("compose");
  const w = useT("writing");
  const { school } = useWork();
  const [typed, setTyped] = useState(seed);
  const skills = [...new Set(bank.map((q) => q.skill).filter(Boolean))].sort((a, b) => a.localeCompare(b, "fr"));
  const draw = useMutation({
    mutationFn: (from: string) => drawQuestions(school.id, [...lines], from),
    onSuccess: (drawn) => {
      if (drawn.problems.length > 0) return;
      const known = new Map(bank.map((q) => [q.id, q]));
      setTyped(drawn.seed);
      onDrawn(
        drawn.sections.map((section, i) => ({
          title: section.title || t("part_number", { number: i + 1 }),
          shuffle: false,
          chosen: section.picks.flatMap((pick) => {
            const q = known.get(pick.question);
            return q ? [{ ...choose(q), version: pick.version }] : [];
          }),
        })),
        drawn.seed,
      );
    },
  });
  const set = (at: number, part: Partial<BlueprintLine>) => onLines(lines.map((line, i) => (i === at ? { ...line, ...part } : line)));
  const problems = new Map(draw.data?.problems.map((p) => [p.field, p.message]));
  return (
    <Card title={t("draw")} intro={t("draw_text")}>
      {lines.map((line, i) => (
        <div key={i} className="bank-line" role="group" aria-label={t("line_number", { number: i + 1 })}>
          <TextField label={t("line_count")} value={line.count ? String(line.count) : ""} onChange={(text) => set(i, { count: Math.max(0, Math.min(200, Math.round(Number(text)) || 0)) })} inputMode="numeric" error={problems.get(`lines[${i}].count`) ?? null} />
          <Select label={t("line_skill")} value={line.skill || "*"} onChange={(skill) => set(i, { skill: skill === "*" ? "" : skill })} options={[{ id: "*", label: t("any_skill") }, ...skills.map((id) => ({ id, label: id }))]} />
          <Select label={t("line_kind")} value={(line.kind || "*") as Kind | "*"} onChange={(kind) => set(i, { kind: kind === "*" ? "" : kind })} options={[{ id: "*" as const, label: t("any_kind") }, ...kinds.map((id) => ({ id, label: w(`kind_${id}`) }))]} />
          {lines.length > 1 && (
            <Button tone="quiet" label={t("line_remove_of", { number: i + 1 })} icon={<Trash2 aria-hidden size={18} />} onPress={() => onLines(lines.filter((_, k) => k !== i))}>
              {t("remove")}
            </Button>
          )}
        </div>
      ))}
      {lines.length < MOST_LINES && (
        <Button icon={<Plus aria-hidden size={18} />} onPress={() => onLines([...lines, { count: 5 }])}>
          {t("line_add")}
        </Button>
      )}
      {lines.length > 0 && (
        <Fault name="lines" label={t("draw")}>
          <div className="bank-line">
            <Button icon={<Dices aria-hidden size={18} />} pending={draw.isPending} onPress={() => draw.mutate("")}>
              {t(seed ? "draw_again" : "draw_now")}
            </Button>
            <TextField label={t("seed")} value={typed} onChange={setTyped} maxLength={64} autoCapitalize="off" optional />
            <Button tone="quiet" disabled={typed.trim() === ""} onPress={() => draw.mutate(typed.trim())}>
              {t("draw_same")}
            </Button>
          </div>
        </Fault>
      )}
      {draw.error && <ProblemNotice problem={draw.error} />}
      <div role="status">{seed && <p className="field-help bank-seed">{t("seed_is", { seed })}</p>}</div>
    </Card>
  );
}
