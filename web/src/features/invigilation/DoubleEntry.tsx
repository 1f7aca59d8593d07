import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Campaign, checkQuery, decideCell, drawCheck, testQuery } from "@/features/campaigns/api";
import type { Seat } from "@/features/groups/api";
import { SeatName } from "@/features/names/SeatName";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, Card, ErrorState, Form, Notice, ProblemNotice, Skeleton, Table, TextField } from "@/ui";
import { PaperGrid } from "./PaperGrid";
import type { At } from "./RoomView";

const codes = ["1", "0", "9"] as const;

/** A sample of the papers, keyed again blind; how the two agree; what an adult decides where they do not. */
export function DoubleEntry({ at, campaign, seats }: { at: At; campaign: Campaign; seats: readonly Seat[] }) {
  const t = useT("invigilation");
  const format = useFormat();
  const queries = useQueryClient();
  const check = useQuery(checkQuery(at.school, at.campaign, at.group, at.sequence));
  const test = useQuery(testQuery(at.school, campaign.takenId));
  const again = () => queries.invalidateQueries({ queryKey: ["school", at.school, "check"] });
  const draw = useMutation({ mutationFn: (share: number) => drawCheck(at.school, at.campaign, at.group, at.sequence, share), onSuccess: again });
  const decide = useMutation({
    mutationFn: ({ seat, question, code }: { seat: string; question: string; code: string }) => decideCell(at.school, at.campaign, at.group, at.sequence, seat, question, code),
    onSuccess: async () => {
      await again();
      await queries.invalidateQueries({ queryKey: ["school", at.school, "grid"] });
    },
  });
  if (!check.data || !test.data) {
    const error = check.error ?? test.error;
    return error ? <ErrorState error={error} onRetry={() => void check.refetch()} /> : <Skeleton rows={3} />;
  }
  const data = check.data;
  const seatOf = (id: string) => seats.find((s) => s.id === id);
  const parts = campaign.policy.sequences[at.sequence]?.parts ?? [];
  const questions = test.data.questions.filter((q) => parts.includes(q.part));
  const numberOf = (key: string) => questions.findIndex((q) => q.key === key) + 1;
  const open = seats.filter((s) => data.seats.some((d) => d.seat === s.id && !d.whole));
  const percent = (share: number) => format.number(Math.round(share * 1000) / 10);
  return (
    <Card title={t("double")} intro={t("double_text")}>
      {!data.drawn && (
        <Form onSubmit={(form) => draw.mutate(Number(form.get("share")))} error={draw.error}>
          <TextField label={t("share")} name="share" inputMode="numeric" defaultValue="10" required maxLength={3} help={t("share_help")} />
          <Actions>
            <Button type="submit" pending={draw.isPending}>
              {t("draw")}
            </Button>
          </Actions>
        </Form>
      )}
      {data.drawn && (
        <>
          <p role="status">
            {t("drawn", { count: data.seats.length, share: data.share ?? 0 })}{" "}
            {data.compared > 0 && t("agreement", { agreed: data.agreed, compared: t("cells", { count: data.compared }), share: percent(data.agreed / data.compared), low: percent(data.low), high: percent(data.high) })}
          </p>
          {open.length > 0 ? (
            <>
              <Notice>{t("second_how", { count: open.length })}</Notice>
              <PaperGrid at={at} campaign={campaign} seats={open} second onSaved={() => void again()} />
            </>
          ) : (
            <p>{t("second_done")}</p>
          )}
          {decide.error && <ProblemNotice problem={decide.error} />}
          {data.differ.length > 0 && (
            <Table
              label={t("differ")}
              rows={data.differ}
              rowId={(c) => `${c.seat} ${c.question}`}
              rowName={(c) => t("cell", { who: seatOf(c.seat)?.pseudonym ?? "", number: numberOf(c.question) })}
              columns={[
                { id: "who", head: t("pupil"), main: true, cell: (c) => { const seat = seatOf(c.seat); return seat ? <SeatName seat={seat} /> : ""; } },
                { id: "question", head: t("question"), cell: (c) => numberOf(c.question) },
                { id: "first", head: t("first"), cell: (c) => c.first },
                { id: "second", head: t("second"), cell: (c) => c.second },
                {
                  id: "decided",
                  head: t("decided"),
                  cell: (c) =>
                    c.decided ? (
                      <strong>{c.decided}</strong>
                    ) : (
                      <Actions>
                        {codes.map((code) => (
                          <Button key={code} label={t("decide_as", { code, who: seatOf(c.seat)?.pseudonym ?? "", number: numberOf(c.question) })} onPress={() => decide.mutate({ seat: c.seat, question: c.question, code })}>
                            {code}
                          </Button>
                        ))}
                      </Actions>
                    ),
                },
              ]}
            />
          )}
          <p className="room-seed">{t("seed", { seed: data.seed ?? "" })}</p>
        </>
      )}
    </Card>
  );
}
