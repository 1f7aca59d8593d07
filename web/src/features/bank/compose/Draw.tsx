import { useMutation } from "@tanstack/react-query";
import { Dices, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Card, Checkbox, type Faults, Form, Select, TextField } from "@/ui";
import { type BlueprintLine, drawQuestions, type Kind, type Question } from "../api";
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
  const [same, setSame] = useState(false);
  const skills = [...new Set(bank.map((q) => q.skill).filter(Boolean))].sort((a, b) => a.localeCompare(b, "fr"));
  const draw = useMutation({ mutationFn: (from: string) => drawQuestions(school.id, [...lines], from) });
  const take = async (from: string): Promise<Faults | undefined> => {
    const drawn = await draw.mutateAsync(from).catch(() => null);
    if (!drawn) return undefined; // the form shows the refusal
    if (drawn.problems.length > 0) return Object.fromEntries(drawn.problems.map((p) => [p.field, p.message]));
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
    return undefined;
  };
  const set = (at: number, part: Partial<BlueprintLine>) => onLines(lines.map((line, i) => (i === at ? { ...line, ...part } : line)));
  return (
    <Card title={t("draw")} intro={t("draw_text")}>
      <Form label={t("draw")} onSubmit={() => take(same ? typed.trim() : "")} error={draw.error}>
      {lines.map((line, i) => (
        <div key={i} className="bank-line" role="group" aria-label={t("line_number", { number: i + 1 })}>
          <TextField label={t("line_count")} value={line.count ? String(line.count) : ""} onChange={(text) => set(i, { count: Math.max(0, Math.min(200, Math.round(Number(text)) || 0)) })} inputMode="numeric" name={`lines[${i}].count`} />
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
        <>
          <Checkbox checked={same} onChange={setSame}>
            {t("draw_same")}
          </Checkbox>
          {same && <TextField label={t("seed")} value={typed} onChange={setTyped} maxLength={64} autoCapitalize="off" required />}
          <Actions>
            <Button type="submit" icon={<Dices aria-hidden size={18} />} pending={draw.isPending}>
              {t(seed && !same ? "draw_again" : "draw_now")}
            </Button>
          </Actions>
        </>
      )}
      </Form>
      <div role="status">{seed && <p className="field-help bank-seed">{t("seed_is", { seed })}</p>}</div>
    </Card>
  );
}
