import { ArrowDown, ArrowUp, ListPlus, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { moved } from "@/features/sitting/render/tree";
import { useFormat, useT } from "@/i18n";
import { Button, Card, Checkbox, TextField } from "@/ui";
import type { Question } from "../api";
import { Fault } from "../write/Group";
import { figure } from "../write/figure";
import { PickDialog } from "./PickDialog";
import { choose, type Chosen, type Part } from "./plan";

type Props = { part: Part; number: number; bank: readonly Question[]; taken: ReadonlySet<string>; onChange: (part: Part) => void; onRemove?: () => void };

/** A part of a test: its title, its questions in order, their points. */
export function PartCard({ part, number, bank, taken, onChange, onRemove }: Props) {
  const t = useT("compose");
  const [picking, setPicking] = useState(false);
  const at = `sections[${number - 1}]`;
  const set = (chosen: Chosen[]) => onChange({ ...part, chosen });
  return (
    <Card title={t("part_number", { number })}>
      <TextField name={`${at}.title`} label={t("part_title", { number })} value={part.title} onChange={(title) => onChange({ ...part, title })} required maxLength={120} wide />
      <Fault name={`${at}.picks`} label={t("part_number", { number })}>
        <ol className="bank-picks" aria-label={t("part_questions", { number })}>
          {part.chosen.map((one, i) => (
            <Pick
              key={one.question}
              one={one}
              at={`${at}.picks[${i}]`}
              newest={bank.find((q) => q.id === one.question)}
              onChange={(next) => set(part.chosen.map((c, k) => (k === i ? next : c)))}
              onUp={i > 0 ? () => set(moved(part.chosen, i, i - 1)) : undefined}
              onDown={i < part.chosen.length - 1 ? () => set(moved(part.chosen, i, i + 1)) : undefined}
              onRemove={() => set(part.chosen.filter((_, k) => k !== i))}
            />
          ))}
        </ol>
      </Fault>
      <Checkbox checked={part.shuffle} onChange={(shuffle) => onChange({ ...part, shuffle })}>
        {t("shuffle")}
      </Checkbox>
      <div className="bank-acts">
        <Button label={t("pick_for", { number })} icon={<ListPlus aria-hidden size={18} />} onPress={() => setPicking(true)}>
          {t("pick")}
        </Button>
        {onRemove && (
          <Button tone="quiet" label={t("part_remove_of", { number })} icon={<Trash2 aria-hidden size={18} />} onPress={onRemove}>
            {t("part_remove")}
          </Button>
        )}
      </div>
      <PickDialog bank={bank} taken={taken} open={picking} onClose={() => setPicking(false)} onPick={(questions) => set([...part.chosen, ...questions.map((q) => choose(q))])} />
    </Card>
  );
}

function Pick({ one, at, newest, onChange, onUp, onDown, onRemove }: { one: Chosen; at: string; newest?: Question; onChange: (one: Chosen) => void; onUp?: () => void; onDown?: () => void; onRemove: () => void }) {
  const t = useT("compose");
  const w = useT("writing");
  const format = useFormat();
  const { title } = one;
  return (
    <li>
      <Fault name={at} label={title}>
        <div className="bank-pick">
          <span className="bank-pick-words">
            <strong>{title}</strong>
            <span className="field-help">
              {w(`kind_${one.kind}`)}
              {one.skill && ` · ${one.skill}`}
            </span>
          </span>
          <TextField name={`${at}.points`} label={t("points_of", { title })} defaultValue={format.number(one.points ?? one.own)} onChange={(text) => onChange({ ...one, points: Number.isFinite(figure(text)) ? figure(text) : -1 })} inputMode="numeric" />
          <div className="bank-acts">
            {newest && newest.version > one.version && (
              <Button label={t("newest_of", { title })} icon={<RefreshCw aria-hidden size={18} />} onPress={() => onChange(choose(newest, one.points))}>
                {t("newest")}
              </Button>
            )}
            {onUp && (
              <Button tone="quiet" label={t("up_of", { title })} icon={<ArrowUp aria-hidden size={18} />} onPress={onUp}>
                {t("up")}
              </Button>
            )}
            {onDown && (
              <Button tone="quiet" label={t("down_of", { title })} icon={<ArrowDown aria-hidden size={18} />} onPress={onDown}>
                {t("down")}
              </Button>
            )}
            <Button tone="quiet" label={t("remove_of", { title })} icon={<Trash2 aria-hidden size={18} />} onPress={onRemove}>
              {t("remove")}
            </Button>
          </div>
        </div>
      </Fault>
    </li>
  );
}
