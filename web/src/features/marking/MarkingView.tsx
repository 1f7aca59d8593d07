import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schema, unwrap } from "@/api/client";
import { call } from "@/api/wire";
import { type Campaign, testQuery } from "@/features/campaigns/api";
import type { Seat } from "@/features/groups/api";
import type { At } from "@/features/invigilation/RoomView";
import { SeatName } from "@/features/names/SeatName";
import { useWork } from "@/features/session/school";
import { Strokes } from "@/features/sitting/render/Drawing";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, Card, Checkbox, Dialog, Empty, ErrorState, Form, Notice, RadioGroup, Skeleton, Table, TextArea, TextField } from "@/ui";
import { type Criterion, mostOf, pointsOf, readLevels } from "./rubric";
import "./marking.css";

type Marked = Schema<"Marked">;
type MarkedSeat = Schema<"MarkedSeat">;
type Agreement = Schema<"Agreement">;
const marked = new Set(["extendedTextInteraction", "drawingInteraction"]);

/** The long answers of a group: their rubrics, their markings, and how two adults agree. */
export function MarkingView({ at, campaign, seats }: { at: At; campaign: Campaign; seats: readonly Seat[] }) {
  const t = useT("marking");
  const { rights } = useWork();
  const queries = useQueryClient();
  const test = useQuery(testQuery(at.school, campaign.takenId));
  const key = ["school", at.school, "markings", at.campaign, at.group];
  const markings = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/campaigns/{campaign}/groups/{group}/markings", { params: { path: { school: at.school, campaign: at.campaign, group: at.group } }, signal }))).items,
    staleTime: 0,
  });
  const [setting, setSetting] = useState<{ key: string; title: string } | null>(null);
  const [marking, setMarking] = useState<{ of: Marked; seat: MarkedSeat } | null>(null);
  const again = () => queries.invalidateQueries({ queryKey: key });
  if (!test.data || !markings.data) {
    const error = test.error ?? markings.error;
    return error ? <ErrorState error={error} onRetry={() => void (test.error ? test.refetch() : markings.refetch())} /> : <Skeleton rows={6} />;
  }
  const questions = test.data.questions.filter((q) => q.kinds.some((k) => marked.has(k)));
  if (questions.length === 0) return <Empty title={t("none_title")}>{t("none_text")}</Empty>;
  return (
    <>
      {questions.map((q) => {
        const one = markings.data.find((m) => m.question === q.key);
        return one ? (
          <OneQuestion key={q.key} one={one} seats={seats} onMark={(seat) => setMarking({ of: one, seat })} />
        ) : (
          <Card key={q.key} title={q.title} intro={t("no_rubric")} action={rights.leadsAssessments ? <Button onPress={() => setSetting(q)}>{t("set")}</Button> : undefined} />
        );
      })}
      {setting && <RubricDialog at={at} question={setting} onClose={() => setSetting(null)} onDone={again} />}
      {marking && <MarkDialog at={at} of={marking.of} seat={marking.seat} who={seats.find((s) => s.id === marking.seat.seat)} onClose={() => setMarking(null)} onDone={again} />}
    </>
  );
}

function OneQuestion({ one, seats, onMark }: { one: Marked; seats: readonly Seat[]; onMark: (seat: MarkedSeat) => void }) {
  const t = useT("marking");
  const format = useFormat();
  const rows = one.seats.flatMap((m) => {
    const seat = seats.find((s) => s.id === m.seat);
    return seat ? [{ m, seat }] : [];
  });
  const figure = (name: string, a: Agreement) => (
    <li key={name}>
      {t("agreement_line", { name, exact: Math.round(a.exact * 100), adjacent: Math.round(a.adjacent * 100) })} {a.kappa === undefined ? t("no_kappa") : t("kappa", { value: format.number(Math.round(a.kappa * 100) / 100) })}
    </li>
  );
  return (
    <Card title={one.title} intro={t(one.twice ? "twice_text" : "once_text")}>
      {one.agreement && (
        <>
          <p>{t("agreement", { count: one.agreement.count })}</p>
          <ul>
            {figure(t("points"), one.agreement)}
            {one.byCriteria.map((a, i) => figure(one.criteria[i]?.name ?? "", a))}
          </ul>
        </>
      )}
      {rows.length === 0 ? (
        <p>{t("nobody")}</p>
      ) : (
        <Table
          label={one.title}
          rows={rows}
          rowId={(r) => r.seat.id}
          rowName={(r) => r.seat.pseudonym}
          columns={[
            { id: "who", head: t("pupil"), main: true, cell: (r) => <SeatName seat={r.seat} /> },
            { id: "state", head: t("state"), cell: (r) => t(r.m.state === "waiting" && r.m.mine ? "state_mine" : `state_${r.m.state}`) },
            { id: "points", head: t("points"), end: true, cell: (r) => (r.m.state === "settled" ? t("of_points", { score: format.number(r.m.points), max: format.number(mostOf(one.criteria)) }) : "") },
            {
              id: "act",
              head: t("mark"),
              headHidden: true,
              end: true,
              cell: (r) =>
                r.m.turn > 0 ? (
                  <Button label={t(r.m.turn === 3 ? "decide_of" : "mark_of", { who: r.seat.pseudonym })} onPress={() => onMark(r.m)}>
                    {t(r.m.turn === 3 ? "decide" : "mark")}
                  </Button>
                ) : null,
            },
          ]}
        />
      )}
    </Card>
  );
}

/** An answer, and a level for each criterion. */
function MarkDialog({ at, of, seat, who, onClose, onDone }: { at: At; of: Marked; seat: MarkedSeat; who: Seat | undefined; onClose: () => void; onDone: () => Promise<void> }) {
  const t = useT("marking");
  const format = useFormat();
  const [levels, setLevels] = useState<Record<number, string>>(Object.fromEntries((seat.mine ?? []).map((l, i) => [i, String(l)])));
  const send = useMutation({
    mutationFn: (chosen: number[]) => call<null>("PUT", `/schools/${at.school}/campaigns/${at.campaign}/groups/${at.group}/markings/${encodeURIComponent(of.question)}/${seat.seat}`, { body: { levels: chosen } }),
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  const word = (list: readonly number[] | null | undefined, i: number) => of.criteria[i]?.levels[list?.[i] ?? -1]?.text ?? "";
  const chosen = of.criteria.map((_, i) => Number(levels[i] ?? "-1"));
  return (
    <Dialog title={t(seat.turn === 3 ? "decide_of" : "mark_of", { who: who?.pseudonym ?? "" })} open onClose={onClose} wide>
      {seat.text && <blockquote className="marking-text">{seat.text}</blockquote>}
      {seat.drawings.map((d, i) => (
        <Drawn key={i} drawing={d} />
      ))}
      {!seat.text && seat.drawings.length === 0 && <Notice>{t("on_paper")}</Notice>}
      <Form onSubmit={() => send.mutate(chosen)} error={send.error}>
        {of.criteria.map((c, i) => (
          <RadioGroup
            key={c.name}
            label={c.name}
            name={`c${i}`}
            required
            value={levels[i] ?? ""}
            onChange={(value) => setLevels((before) => ({ ...before, [i]: value }))}
            help={seat.turn === 3 ? t("two_said", { first: word(seat.first, i), second: word(seat.second, i) }) : undefined}
            options={c.levels.map((l, k) => ({ id: String(k), label: t("level", { points: format.number(l.points), text: l.text }) }))}
          />
        ))}
        <p role="status">{t("sum", { score: format.number(pointsOf(of.criteria, chosen)), max: format.number(mostOf(of.criteria)) })}</p>
        <Actions>
          <Button type="submit" tone="main" pending={send.isPending}>
            {t(seat.turn === 3 ? "decide_do" : "mark_do")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** What a pupil drew, on its picture, and what they said of it. */
function Drawn({ drawing }: { drawing: Schema<"Drawing"> }) {
  const t = useT("marking");
  return (
    <figure className="marking-drawing">
      {drawing.strokes.length > 0 && (
        <div className="marking-sheet" style={{ maxWidth: `${drawing.width}px`, aspectRatio: `${drawing.width} / ${drawing.height}` }}>
          {drawing.picture && <img src={drawing.picture} alt={drawing.alt ?? ""} />}
          <svg viewBox={`0 0 ${drawing.width} ${drawing.height}`} role="img" aria-label={t("drawn", { count: drawing.strokes.length })}>
            <Strokes strokes={drawing.strokes} />
          </svg>
        </div>
      )}
      {drawing.words && (
        <figcaption>
          <p>{t("drawn_words")}</p>
          <blockquote className="marking-text">{drawing.words}</blockquote>
        </figcaption>
      )}
    </figure>
  );
}

const most = 8;

/** How the answers to a question will be marked. */
function RubricDialog({ at, question, onClose, onDone }: { at: At; question: { key: string; title: string }; onClose: () => void; onDone: () => Promise<void> }) {
  const t = useT("marking");
  const [count, setCount] = useState(2);
  const [twice, setTwice] = useState(true);
  const send = useMutation({
    mutationFn: (criteria: Criterion[]) => call<null>("PUT", `/schools/${at.school}/campaigns/${at.campaign}/rubrics/${encodeURIComponent(question.key)}`, { body: { twice, criteria } }),
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  const submit = (data: FormData) => {
    const faults: Record<string, string> = {};
    const criteria: Criterion[] = [];
    for (let i = 0; i < count; i++) {
      const levels = readLevels(String(data.get(`levels${i}`) ?? ""));
      if (levels) criteria.push({ name: String(data.get(`name${i}`) ?? ""), levels });
      else faults[`levels${i}`] = t("bad_levels");
    }
    if (Object.keys(faults).length > 0) return faults;
    send.mutate(criteria);
    return undefined;
  };
  return (
    <Dialog title={t("set_of", { what: question.title })} open onClose={onClose} wide>
      <Form onSubmit={submit} error={send.error}>
        {Array.from({ length: count }, (_, i) => (
          <fieldset key={i} className="marking-criterion">
            <legend>{t("criterion", { number: i + 1 })}</legend>
            <TextField label={t("criterion_name")} name={`name${i}`} required maxLength={120} wide />
            <TextArea label={t("levels")} name={`levels${i}`} required maxLength={2000} help={t("levels_help")} wide />
          </fieldset>
        ))}
        <Actions>
          {count < most && <Button onPress={() => setCount(count + 1)}>{t("add")}</Button>}
          {count > 1 && <Button onPress={() => setCount(count - 1)}>{t("take_away")}</Button>}
        </Actions>
        <Checkbox checked={twice} onChange={setTwice} detail={t("twice_help")}>
          {t("twice")}
        </Checkbox>
        <Actions>
          <Button type="submit" tone="main" pending={send.isPending}>
            {t("set")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
