import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { api, type Schema, unwrap } from "@/api/client";
import { call } from "@/api/wire";
import type { Campaign } from "@/features/campaigns/api";
import type { Seat } from "@/features/groups/api";
import type { At } from "@/features/invigilation/RoomView";
import { NamesLine, SeatName } from "@/features/names/SeatName";
import { useLoadedNames } from "@/features/names/useNames";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Card, Empty, ErrorState, Menu, Notice, PrintButton, ProblemNotice, Skeleton, Table } from "@/ui";
import { fromValues, pathOf, type ReadingState, toValues, useReadings } from "./queue";
import { ReadingPage } from "./ReadingPage";
import "../booklet/booklet.css";
import "./fluency.css";

type AloudSeat = Schema<"AloudSeat">;
const states = ["", "absent", "exempt", "redo"] as const;

/** The end of the key of a state. */
const wordOf = (state: AloudSeat["state"]): "present" | "absent" | "exempt" | "redo" => (state === "" ? "present" : state);

interface Opened {
  seat: Seat;
  reading: string;
  from: ReadingState | null;
}

/** A group that reads aloud, one pupil after the other. */
export function FluencyView({ at, campaign, seats }: { at: At; campaign: Campaign; seats: readonly Seat[] }) {
  const t = useT("fluency");
  const format = useSchoolFormat();
  const { me } = useWork();
  const queries = useQueryClient();
  const key = ["school", at.school, "aloud", at.campaign, at.group];
  const text = campaign.policy.aloud;
  const aloud = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/campaigns/{campaign}/groups/{group}/aloud", { params: { path: { school: at.school, campaign: at.campaign, group: at.group } }, signal })),
    enabled: text !== undefined,
    staleTime: 0,
  });
  const names = useLoadedNames(at.school, [at.group]);
  const readings = useReadings(me.staff.id);
  const [opened, setOpened] = useState<Opened | null>(null);
  const waiting = readings?.view.waiting ?? 0;
  const again = () => queries.invalidateQueries({ queryKey: key });
  useEffect(() => {
    // Also after a save: what it is worth comes from the server.
    if (waiting === 0) void queries.invalidateQueries({ queryKey: ["school", at.school, "aloud"] });
  }, [waiting, queries, at.school]);
  const mark = useMutation({ mutationFn: ({ seat, state }: { seat: string; state: AloudSeat["state"] }) => call<null>("PUT", `/schools/${at.school}/campaigns/${at.campaign}/groups/${at.group}/aloud/${seat}`, { body: { state } }), onSuccess: again });
  if (!text) return <Empty title={t("none_title")}>{t("none_text")}</Empty>;
  if (!aloud.data || !readings) return aloud.error ? <ErrorState error={aloud.error} onRetry={() => void aloud.refetch()} /> : <Skeleton rows={8} />;
  const { words } = aloud.data;
  const itemOf = (seat: string, reading: string) => pathOf(at.school, at.campaign, at.group, seat, reading);
  const unsent = waiting > 0 && readings.view.failingSince !== null && <Notice tone="sun">{t("kept", { count: waiting, when: format.time(readings.view.failingSince) })}</Notice>;
  const refusal = readings.view.refusal !== null && <ProblemNotice problem={readings.view.refusal} />;
  if (opened) {
    const item = itemOf(opened.seat.id, opened.reading);
    return (
      <>
        {unsent}
        {refusal}
        <ReadingPage
          key={opened.reading}
          title={text.title}
          words={words}
          who={<SeatName seat={opened.seat} />}
          from={opened.from}
          onSave={(state) => readings.queue.put(item, toValues(state))}
          onLeave={() => {
            readings.queue.flush();
            setOpened(null);
          }}
        />
      </>
    );
  }
  const rows = aloud.data.seats.flatMap((line) => {
    const seat = seats.find((s) => s.id === line.seat);
    return seat ? [{ seat, line }] : [];
  });
  // The last reading that is not finished, as this browser or the server has it.
  const unfinished = (line: AloudSeat): { id: string; state: ReadingState } | null => {
    const last = line.readings.at(-1);
    if (!last) return null;
    const here = readings.view.answers[itemOf(line.seat, last.id)];
    const state = here ? fromValues(here) : last;
    return !state.done && !state.void && state.seconds > 0 ? { id: last.id, state } : null;
  };
  return (
    <>
      <NamesLine names={names} />
      {unsent}
      {refusal}
      {mark.error && <ProblemNotice problem={mark.error} />}
      <Card title={text.title} intro={t("how", { count: words.length })} action={<PrintButton word={t("print_text")} />}>
        <Table
          label={t("pupils")}
          rows={rows}
          rowId={(r) => r.seat.id}
          rowName={(r) => r.seat.pseudonym}
          columns={[
            { id: "who", head: t("pupil"), main: true, cell: (r) => <SeatName seat={r.seat} /> },
            {
              id: "result",
              head: t("result"),
              cell: (r) => {
                const counts = r.line.readings.find((one) => one.counts);
                const others = r.line.readings.length - (counts ? 1 : 0);
                return [
                  r.line.state ? t(`state_${wordOf(r.line.state)}`) : "",
                  counts ? t("per_minute", { count: Math.round(counts.perMinute), correct: counts.correct, seconds: counts.seconds }) : "",
                  others > 0 ? t("others", { count: others }) : "",
                ].filter(Boolean).join(" · ");
              },
            },
            {
              id: "acts",
              head: t("acts"),
              headHidden: true,
              end: true,
              cell: (r) => {
                const open = unfinished(r.line);
                return (
                  <span className="fluency-acts">
                    <Button label={t(r.line.readings.length === 0 ? "read_of" : "again_of", { who: r.seat.pseudonym })} onPress={() => setOpened({ seat: r.seat, reading: crypto.randomUUID(), from: null })}>
                      {t(r.line.readings.length === 0 ? "read" : "again")}
                    </Button>
                    {open && (
                      <Button label={t("resume_of", { who: r.seat.pseudonym })} onPress={() => setOpened({ seat: r.seat, reading: open.id, from: open.state })}>
                        {t("resume")}
                      </Button>
                    )}
                    <Menu word={t("more")} label={t("more_of", { who: r.seat.pseudonym })} tone="quiet" icon={<Ellipsis aria-hidden size={18} />} entries={states.filter((s) => s !== r.line.state).map((s) => ({ id: s || "present", label: t(`state_${wordOf(s)}`), onAction: () => mark.mutate({ seat: r.seat.id, state: s }) }))} />
                  </span>
                );
              },
            },
          ]}
        />
      </Card>
      {createPortal(
        <div className="paper-sheet fluency-paper" aria-hidden="true">
          <p className="paper-title">{text.title}</p>
          {text.text.split("\n").filter(Boolean).map((line, i) => (
            <p key={i}>{line}</p>
          ))}
        </div>,
        document.body,
      )}
    </>
  );
}
