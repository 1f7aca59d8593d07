import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { act, type Act, type Aid, exchange, type Room, roomQuery, type RoomSeat, setAid, setRoom } from "@/features/campaigns/api";
import { NamesLine, SeatName } from "@/features/names/SeatName";
import { useLoadedNames } from "@/features/names/useNames";
import { SeatPicture } from "@/features/pseudonyms/SeatPicture";
import { useSchoolFormat } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Checkbox, ConfirmDialog, Dialog, ErrorState, Form, LinkButton, Menu, type MenuEntry, Notice, ProblemNotice, Select, Skeleton, TextField, toast } from "@/ui";
import { RoomReport } from "./RoomReport";
import "./room.css";

export interface At {
  school: string;
  campaign: string;
  group: string;
  sequence: number;
}

/** What is asked of the invigilator before an act. */
type Asking = { kind: "extend" | "reopen" | "note" | "aid"; seat: RoomSeat } | { kind: "exchange"; seat: RoomSeat } | { kind: "finish"; seat: RoomSeat } | null;

/** A group taking a sequence: who needs somebody first. */
export function RoomView({ at }: { at: At }) {
  const t = useT("invigilation");
  const queries = useQueryClient();
  const room = useQuery(roomQuery(at.school, at.campaign, at.group, at.sequence));
  const names = useLoadedNames(at.school, [at.group]);
  const [asking, setAsking] = useState<Asking>(null);
  const again = () => queries.invalidateQueries({ queryKey: ["school", at.school, "room", at.campaign, at.group, at.sequence] });
  const door = useMutation({ mutationFn: (open: boolean) => setRoom(at.school, at.campaign, at.group, at.sequence, open), onSuccess: again });
  const done = useMutation({
    mutationFn: ({ seat, body }: { seat: RoomSeat; body: Act }) => act(at.school, at.campaign, at.group, at.sequence, seat.sitting ?? "", body),
    onSettled: again,
  });
  const everyone = useMutation({
    mutationFn: async ({ from, what }: { from: RoomSeat["status"]; what: "start" | "pause" | "resume" }) => {
      const seats = (room.data?.seats ?? []).filter((s) => s.status === from && s.sitting);
      const outcomes = await Promise.allSettled(seats.map((s) => act(at.school, at.campaign, at.group, at.sequence, s.sitting ?? "", { act: what })));
      const failed = outcomes.find((o) => o.status === "rejected");
      if (failed) throw failed.reason;
    },
    onSettled: again,
  });
  if (!room.data) return room.error ? <ErrorState error={room.error} onRetry={() => void room.refetch()} /> : <Skeleton rows={8} />;
  const data = room.data;
  const count = (status: RoomSeat["status"]) => data.seats.filter((s) => s.status === status).length;
  const needy = data.seats.filter((s) => s.need).length;
  return (
    <>
      <div className="room-top">
        <p className="room-state" role="status">
          {t(data.open ? "is_open" : "is_closed", { name: data.name })} {t("so_far", { waiting: count("waiting"), running: count("running") + count("paused"), finished: count("finished") })} {needy > 0 && t("needy", { count: needy })}
        </p>
        <Actions>
          <Button tone={data.open ? "plain" : "main"} pending={door.isPending} onPress={() => door.mutate(!data.open)}>
            {t(data.open ? "close" : "open")}
          </Button>
          {data.askEach && count("waiting") > 0 && (
            <Button tone="main" pending={everyone.isPending} onPress={() => everyone.mutate({ from: "waiting", what: "start" })}>
              {t("start_all", { count: count("waiting") })}
            </Button>
          )}
          {count("running") > 0 && (
            <Button pending={everyone.isPending} onPress={() => everyone.mutate({ from: "running", what: "pause" })}>
              {t("pause_all")}
            </Button>
          )}
          {count("paused") > 0 && (
            <Button pending={everyone.isPending} onPress={() => everyone.mutate({ from: "paused", what: "resume" })}>
              {t("resume_all")}
            </Button>
          )}
          <LinkButton href={`/groupes/${at.group}/fiches`}>{t("slips")}</LinkButton>
        </Actions>
      </div>
      {(door.error ?? done.error ?? everyone.error) !== null && <ProblemNotice problem={door.error ?? done.error ?? everyone.error} />}
      {!data.open && !data.begun && <Notice>{t("how")}</Notice>}
      <NamesLine names={names} />
      <ul className="room-seats">
        {data.seats.map((seat) => (
          <SeatLine key={seat.seat} seat={seat} room={data} onAct={(body) => done.mutate({ seat, body })} onAsk={setAsking} />
        ))}
      </ul>
      <RoomReport at={at} seats={data.seats} />
      {asking && <Ask asking={asking} at={at} room={data} onClose={() => setAsking(null)} onDone={again} />}
    </>
  );
}

function SeatLine({ seat, room, onAct, onAsk }: { seat: RoomSeat; room: Room; onAct: (body: Act) => void; onAsk: (asking: Asking) => void }) {
  const t = useT("invigilation");
  const format = useSchoolFormat();
  const marks = seat.mark ? [t(`mark_${seat.mark}`)] : [];
  if (seat.extra > 0) marks.push(t("extra", { count: seat.extra }));
  if (seat.helped) marks.push(t("helped"));
  const left = seat.endsAt ? Math.max(0, Math.ceil((seat.endsAt - room.now) / 60_000)) : null;
  const entries: MenuEntry[] = [];
  if (seat.sitting && seat.status === "waiting") entries.push({ id: "start", label: t("act_start"), onAction: () => onAct({ act: "start" }) });
  if (seat.sitting && seat.status === "running") entries.push({ id: "pause", label: t("act_pause"), onAction: () => onAct({ act: "pause" }) });
  if (seat.sitting && seat.status === "paused") entries.push({ id: "resume", label: t("act_resume"), onAction: () => onAct({ act: "resume" }) });
  if (seat.sitting && (seat.status === "running" || seat.status === "paused")) {
    entries.push({ id: "extend", label: t("act_extend"), onAction: () => onAsk({ kind: "extend", seat }) });
    entries.push({ id: "finish", label: t("act_finish"), onAction: () => onAsk({ kind: "finish", seat }) });
  }
  if (seat.sitting && seat.status === "finished") entries.push({ id: "reopen", label: t("act_reopen"), onAction: () => onAsk({ kind: "reopen", seat }) });
  if (seat.sitting) {
    entries.push({ id: "note", label: t("act_note"), onAction: () => onAsk({ kind: "note", seat }) });
    entries.push({ id: "exchange", label: t("act_exchange"), onAction: () => onAsk({ kind: "exchange", seat }) });
  }
  entries.push({ id: "aid", label: t("act_aid"), onAction: () => onAsk({ kind: "aid", seat }) });
  return (
    <li className="room-seat" data-need={seat.need}>
      <SeatPicture picture={seat.picture} size={40} />
      <div className="room-who">
        <SeatName seat={{ id: seat.seat, pseudonym: seat.pseudonym }} />
        {marks.length > 0 && <span className="room-marks">{marks.join(", ")}</span>}
      </div>
      <div className="room-where">
        {seat.need && <strong className="room-need">{t(`need_${seat.need}`)}</strong>}
        <span>{t(`status_${seat.status}`)}</span>
        {seat.status !== "none" && <span>{t("stage", { number: Math.min(seat.stage + 1, room.stages), answered: t("answers", { count: seat.answered }) })}</span>}
        {left !== null && <span>{t("left", { count: left })}</span>}
        {seat.late > 0 && <span>{t("late", { count: seat.late })}</span>}
        {seat.need === "silent" && seat.seenAt !== undefined && <span>{t("seen", { when: format.time(seat.seenAt) })}</span>}
      </div>
      <div className="room-acts">
        {seat.need === "device" && (
          <>
            <Button tone="main" label={t("admit_of", { who: seat.pseudonym })} onPress={() => onAct({ act: "admit" })}>
              {t("admit")}
            </Button>
            <Button label={t("refuse_of", { who: seat.pseudonym })} onPress={() => onAct({ act: "refuse" })}>
              {t("refuse")}
            </Button>
          </>
        )}
        {seat.need === "start" && (
          <Button tone="main" label={t("start_of", { who: seat.pseudonym })} onPress={() => onAct({ act: "start" })}>
            {t("act_start")}
          </Button>
        )}
        <Menu word={t("more")} label={t("more_of", { who: seat.pseudonym })} tone="quiet" icon={<Ellipsis aria-hidden size={18} />} entries={entries} />
      </div>
    </li>
  );
}

/** What an act needs to know. */
function Ask({ asking, at, room, onClose, onDone }: { asking: NonNullable<Asking>; at: At; room: Room; onClose: () => void; onDone: () => Promise<void> }) {
  const t = useT("invigilation");
  const { seat } = asking;
  const send = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  const doIt = (body: Act) => send.mutate(() => act(at.school, at.campaign, at.group, at.sequence, seat.sitting ?? "", body));
  const [mark, setMark] = useState<Aid["mark"]>(seat.mark);
  const [helped, setHelped] = useState(seat.helped);
  const [other, setOther] = useState<string | null>(null);
  if (asking.kind === "finish") {
    return (
      <ConfirmDialog title={t("finish_title", { who: seat.pseudonym })} action={t("act_finish")} open onClose={onClose} onConfirm={async () => { await act(at.school, at.campaign, at.group, at.sequence, seat.sitting ?? "", { act: "finish" }); await onDone(); }}>
        <p>{t("finish_text")}</p>
      </ConfirmDialog>
    );
  }
  const title = t(`${asking.kind}_title`, { who: seat.pseudonym });
  const submit = (data: FormData) => {
    const number = (name: string) => Number(String(data.get(name) ?? "").trim());
    switch (asking.kind) {
      case "extend":
      case "reopen":
        return doIt({ act: asking.kind, minutes: number("minutes") });
      case "note":
        return doIt({ act: "note", note: String(data.get("note")) });
      case "aid":
        return send.mutate(() => setAid(at.school, at.campaign, at.group, seat.seat, { extra: number("extra"), helped, mark }));
      case "exchange":
        return send.mutate(async () => {
          await exchange(at.school, at.campaign, at.group, at.sequence, seat.seat, other ?? "");
          toast(t("exchanged"));
        });
    }
  };
  const partners = room.seats.filter((s) => s.sitting && s.seat !== seat.seat);
  return (
    <Dialog title={title} open onClose={onClose}>
      <Form onSubmit={submit} error={send.error}>
        {(asking.kind === "extend" || asking.kind === "reopen") && <TextField label={t("minutes")} name="minutes" inputMode="numeric" defaultValue="5" required maxLength={3} />}
        {asking.kind === "note" && <TextField label={t("note")} name="note" required maxLength={500} help={t("note_help")} wide />}
        {asking.kind === "exchange" && <Select label={t("exchange_with")} value={other} onChange={setOther} options={partners.map((s) => ({ id: s.seat, label: s.pseudonym }))} wide />}
        {asking.kind === "aid" && (
          <>
            <TextField label={t("extra_time")} name="extra" inputMode="numeric" defaultValue={String(seat.extra)} required maxLength={3} help={t("extra_help")} />
            <Checkbox checked={helped} onChange={setHelped}>
              {t("help_given")}
            </Checkbox>
            <Select label={t("mark")} value={mark || "none"} onChange={(value) => setMark((value === "none" ? "" : value) as Aid["mark"])} options={[{ id: "none", label: t("mark_none") }, ...(["absent", "exempt", "redo", "optout"] as const).map((id) => ({ id, label: t(`mark_${id}`) }))]} />
          </>
        )}
        <Actions>
          <Button type="submit" tone="main" pending={send.isPending}>
            {t(`${asking.kind}_do`)}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
