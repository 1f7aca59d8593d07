import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Campaign, gridQuery, keyCell, secondQuery, keySecond, testQuery } from "@/features/campaigns/api";
import type { Seat } from "@/features/groups/api";
import { NamesLine, SeatName } from "@/features/names/SeatName";
import { useLoadedNames } from "@/features/names/useNames";
import { useT } from "@/i18n";
import { ErrorState, Notice, ProblemNotice, Skeleton } from "@/ui";
import type { At } from "./RoomView";

const codes = new Set(["0", "1", "9"]);

/** A group keyed from paper, cell by cell: each is saved as it is typed. `second`: again, blind of the first time; `onSaved` hears each. */
export function PaperGrid({ at, campaign, seats, second = false, onSaved }: { at: At; campaign: Campaign; seats: readonly Seat[]; second?: boolean; onSaved?: () => void }) {
  const t = useT("invigilation");
  const queries = useQueryClient();
  const names = useLoadedNames(at.school, [at.group]);
  const test = useQuery(testQuery(at.school, campaign.takenId));
  const grid = useQuery({ ...gridQuery(at.school, at.campaign, at.group, at.sequence), enabled: !second });
  const again = useQuery({ ...secondQuery(at.school, at.campaign, at.group, at.sequence), enabled: second });
  const saved = second ? again : grid;
  const [typed, setTyped] = useState<Record<string, string>>({});
  const table = useRef<HTMLTableElement>(null);
  const save = useMutation({
    mutationFn: ({ seat, question, code }: { seat: string; question: string; code: string }) => (second ? keySecond : keyCell)(at.school, at.campaign, at.group, at.sequence, seat, question, code),
    onSuccess: onSaved,
    onError: (_, { seat, question }) => setTyped((before) => ({ ...before, [`${seat} ${question}`]: "" })),
  });
  // What was typed is seen by whoever opens the grid next.
  useEffect(() => () => void queries.invalidateQueries({ queryKey: ["school", at.school, second ? "second" : "grid"] }), [queries, at.school, second]);
  if (!test.data || !saved.data) {
    const error = test.error ?? saved.error;
    return error ? <ErrorState error={error} onRetry={() => void (test.error ? test.refetch() : saved.refetch())} /> : <Skeleton rows={8} />;
  }
  const parts = campaign.policy.sequences[at.sequence]?.parts ?? [];
  const questions = test.data.questions.filter((q) => parts.includes(q.part));
  const here = seats.filter((s) => s.leftAt === undefined && s.erasedAt === undefined);
  const valueOf = (seat: string, question: string) => typed[`${seat} ${question}`] ?? saved.data[seat]?.[question] ?? "";
  const type = (seat: string, question: string, text: string, field: HTMLInputElement) => {
    const code = text.slice(-1);
    if (!codes.has(code)) return;
    setTyped((before) => ({ ...before, [`${seat} ${question}`]: code }));
    save.mutate({ seat, question, code });
    const all = [...(table.current?.querySelectorAll<HTMLInputElement>("input") ?? [])];
    all[all.indexOf(field) + 1]?.focus();
  };
  const steer = (event: React.KeyboardEvent<HTMLInputElement>) => {
    const all = [...(table.current?.querySelectorAll<HTMLInputElement>("input") ?? [])];
    const i = all.indexOf(event.currentTarget);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: questions.length, ArrowUp: -questions.length }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    all[i + step]?.focus();
  };
  return (
    <>
      {!second && <Notice>{t("grid_how")}</Notice>}
      {save.error && <ProblemNotice problem={save.error} />}
      {!second && <NamesLine names={names} />}
      <div className="grid-frame" role="region" aria-label={t(second ? "second_grid" : "grid")} tabIndex={0}>
        <table ref={table} className="grid">
          <thead>
            <tr>
              <th scope="col">{t("pupil")}</th>
              {questions.map((q, i) => (
                <th key={q.key} scope="col" title={q.title}>
                  {i + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {here.map((seat) => (
              <tr key={seat.id}>
                <th scope="row">
                  <SeatName seat={seat} />
                </th>
                {questions.map((q, i) => (
                  <td key={q.key}>
                    <input
                      inputMode="numeric"
                      value={valueOf(seat.id, q.key)}
                      maxLength={2}
                      aria-label={t(second ? "second_cell" : "cell", { who: seat.pseudonym, number: i + 1 })}
                      onFocus={(e) => e.currentTarget.select()}
                      onChange={(e) => type(seat.id, q.key, e.currentTarget.value, e.currentTarget)}
                      onKeyDown={steer}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
