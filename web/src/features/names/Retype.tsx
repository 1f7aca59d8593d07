import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { Input } from "react-aria-components/Input";
import { groupsQuery } from "@/features/groups/api";
import { useT } from "@/i18n";
import { Actions, announce, Button, Card, ErrorState, Notice, Progress, Select, Skeleton, toast } from "@/ui";
import { type Field, readPaste, tidy } from "./pasteColumn";
import { NamesProblem } from "./refusal";
import type { NameDraft, SeatName } from "./record";
import { type Seat, seatsOf, seatsQuery } from "./roster";
import { type Names, useLoadedNames } from "./useNames";

type Typed = ReadonlyMap<string, SeatName>;

/** The longest name that the grid takes, in characters. */
const LONGEST = 100;

/** Names typed against numbers: corrections, and everything when every key was lost. */
export function Retype({ names }: { names: Names }) {
  const t = useT("names");
  const [open, setOpen] = useState(false);
  return (
    <Card title={t("retype_title")} intro={t("retype_intro")} action={<Button onPress={() => setOpen(!open)} expanded={open}>{t(open ? "retype_close" : "retype_open")}</Button>}>
      {open && <RetypeBoard schoolId={names.school.id} />}
    </Card>
  );
}

function RetypeBoard({ schoolId }: { schoolId: string }) {
  const t = useT("names");
  const groups = useQuery(groupsQuery(schoolId));
  const seats = useQuery(seatsQuery(schoolId));
  const [chosen, setChosen] = useState<string | null>(null);
  const failed = groups.error ?? seats.error;
  if (failed) return <ErrorState error={failed} onRetry={() => void Promise.all([groups.refetch(), seats.refetch()])} />;
  if (!groups.data || !seats.data) return <Skeleton rows={4} />;
  if (seats.data.length === 0) return <Notice>{t("retype_no_seat")}</Notice>;
  const group = chosen ?? groups.data[0]?.id ?? "";
  const options = [...groups.data.map((g) => ({ id: g.id, label: g.name })), { id: "", label: t("whole_school") }];
  return (
    <>
      <Select label={t("group")} options={options} value={group} onChange={setChosen} />
      <Grid key={group} schoolId={schoolId} group={group} seats={seatsOf(seats.data, group)} />
    </>
  );
}

function Grid({ schoolId, group, seats }: { schoolId: string; group: string; seats: Seat[] }) {
  const t = useT("names");
  const wanted = useMemo(() => (group === "" ? [] : [group]), [group]);
  const names = useLoadedNames(schoolId, wanted);
  const [typed, setTyped] = useState<Typed>(new Map());
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const table = useRef<HTMLTableElement>(null);

  const valueOf = (seat: Seat): SeatName => typed.get(seat.id) ?? names.name(seat.id) ?? { last: "", first: "" };
  const put = (changes: readonly [Seat, Partial<SeatName>][]) =>
    setTyped((before) => {
      const next = new Map(before);
      for (const [seat, change] of changes) {
        const { last, first } = next.get(seat.id) ?? names.name(seat.id) ?? { last: "", first: "" };
        next.set(seat.id, { last, first, ...change });
      }
      return next;
    });

  const drafts: NameDraft[] = [];
  for (const seat of seats) {
    const change = typed.get(seat.id);
    if (!change) continue;
    const [last, first] = [tidy(change.last), tidy(change.first)];
    const known = names.name(seat.id);
    if ((last === "" && first === "") || (known?.last === last && known.first === first)) continue;
    drafts.push({ seatId: seat.id, last, first, secret: names.secret(seat.id), version: names.version(seat.id) + 1 });
  }

  const focus = (row: number, field: Field) => table.current?.querySelector<HTMLInputElement>(`[data-cell="${row}-${field}"]`)?.focus();
  const onKey = (event: React.KeyboardEvent, row: number, field: Field) => {
    const step = event.key === "Enter" || event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || event.nativeEvent.isComposing) return;
    event.preventDefault();
    focus(row + step, field);
  };
  const onPaste = (event: React.ClipboardEvent, row: number, field: Field) => {
    const pasted = readPaste(event.clipboardData.getData("text/plain"), field);
    if (!pasted) return;
    event.preventDefault();
    announce(t("retype_pasted", { count: Math.min(pasted.length, seats.length - row) }));
    put(pasted.slice(0, seats.length - row).map((change, i) => [seats[row + i]!, change]));
    focus(Math.min(row + pasted.length, seats.length) - 1, field);
  };

  const write = async () => {
    setError(null);
    setProgress({ done: 0, total: drafts.length });
    try {
      await names.write(drafts, (done, total) => setProgress({ done, total }));
      setTyped(new Map());
      toast(t("retype_done", { count: drafts.length }));
    } catch (refusal) {
      setError(refusal);
    }
    setProgress(null);
  };

  if (names.progress) return <Progress label={t("opening")} done={names.progress.done} total={names.progress.total} />;
  const unreadable = seats.filter((seat) => names.refused(seat.id) !== null).length;
  return (
    <>
      <p>{t("retype_help")}</p>
      {unreadable > 0 && <Notice tone="sun">{t("retype_unreadable", { count: unreadable })}</Notice>}
      <div className="retype-frame">
        <table className="retype" ref={table} aria-label={t("retype_title")}>
          <thead>
            <tr>
              <th scope="col">{t("number")}</th>
              <th scope="col">{t("pseudonym")}</th>
              <th scope="col">{t("last_name")}</th>
              <th scope="col">{t("first_name")}</th>
            </tr>
          </thead>
          <tbody>
            {seats.map((seat, row) => (
              <tr key={seat.id}>
                <td className="numbers">{seat.number}</td>
                <th scope="row">{seat.pseudonym}</th>
                {(["last", "first"] as const).map((field) => (
                  <td key={field}>
                    <Input
                      className="field-input"
                      data-cell={`${row}-${field}`}
                      aria-label={t(field === "last" ? "last_name_of" : "first_name_of", { pseudonym: seat.pseudonym })}
                      value={valueOf(seat)[field]}
                      maxLength={LONGEST}
                      autoComplete="off"
                      spellCheck={false}
                      disabled={progress !== null}
                      onChange={(event) => put([[seat, { [field]: event.target.value }]])}
                      onKeyDown={(event) => onKey(event, row, field)}
                      onPaste={(event) => onPaste(event, row, field)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {progress && <Progress label={t("writing")} done={progress.done} total={progress.total} />}
      {error !== null && <NamesProblem error={error} />}
      <Actions>
        <Button tone="main" onPress={() => void write()} disabled={drafts.length === 0} pending={progress !== null}>
          {drafts.length === 0 ? t("retype_write_none") : t("retype_write", { count: drafts.length })}
        </Button>
      </Actions>
    </>
  );
}
