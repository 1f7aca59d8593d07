import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Checkbox, DateField, Dialog, type Faults, Form, Notice, TextArea, TextField, toast } from "@/ui";
import { type Act, actOnPiece, journalKey, type PieceDetail } from "../api";
import { instantAt, partsAt } from "../moment";
import { usePlace } from "../place";
import { titleOf } from "../words";

/** Acts that are given with their reason in writing, which the authors read. */
export const needsReason = (act: Act, mine: boolean) => ["refuse", "suspend", "forbid", "lift"].includes(act) || (act === "withdraw" && !mine);

/** The law that an act stands on, where there is one. */
const lawOf: Partial<Record<Act, "suspend" | "forbid">> = { suspend: "suspend", forbid: "forbid" };

/** Asks what an act needs: a reason, a date; and says what it does. */
export function ActDialog({ piece, act, onClose }: { piece: PieceDetail; act: Act; onClose: () => void }) {
  const t = useT("desk");
  const { school, me, zone } = usePlace();
  const queries = useQueryClient();
  const [later, setLater] = useState(false);
  const run = useMutation({
    mutationFn: (body: { reason?: string; at?: number }) => actOnPiece(school, piece.id, { act, version: piece.version, ...body }),
    onSuccess: async (_, { at }) => {
      await queries.invalidateQueries({ queryKey: journalKey(school) });
      toast(t(at ? "done_publish_later" : `done_${act}`));
      onClose();
    },
  });
  const submit = (data: FormData): Faults | undefined => {
    const text = (name: string) => String(data.get(name) ?? "").trim();
    let at: number | undefined;
    if (later) {
      at = instantAt(text("day"), text("time"), zone);
      if (at <= Date.now()) return { day: t("later_past") };
    }
    run.mutate({ reason: text("reason") || undefined, at });
    return undefined;
  };
  const law = lawOf[act];
  const tomorrow = partsAt(Date.now() + 86_400_000, zone).day;
  return (
    <Dialog title={t("act_on", { act: t(`act_${act}`), title: titleOf(t, piece) })} open onClose={onClose}>
      <p>{t(act === "publish" ? `will_publish_${me.regime}` : `will_${act}`)}</p>
      {law && <Notice>{t(`law_${law}`)}</Notice>}
      <Form onSubmit={submit} error={run.error}>
        {needsReason(act, piece.mine) && <TextArea label={t("reason")} name="reason" required rows={4} maxLength={2000} help={t("reason_help")} wide autoFocus />}
        {act === "publish" && (
          <>
            <Checkbox checked={later} onChange={setLater}>
              {t("publish_later")}
            </Checkbox>
            {later && (
              <>
                <DateField label={t("later_day")} name="day" required defaultValue={tomorrow} min={partsAt(Date.now(), zone).day} />
                <TextField label={t("later_time")} name="time" required maxLength={5} defaultValue="08:00" help={t("time_help")} check={(v) => (/^([01]?\d|2[0-3]):[0-5]\d$/.test(v) ? null : t("time_wrong"))} />
              </>
            )}
          </>
        )}
        <Actions>
          <Button type="submit" tone={["refuse", "withdraw", "suspend", "forbid"].includes(act) ? "danger" : "main"} pending={run.isPending}>
            {t(`act_${act}`)}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
