import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { LEVELS } from "@/features/import/levels";
import type { Job } from "@/features/import/run";
import { NamesLine } from "@/features/names/SeatName";
import type { Names } from "@/features/names/useNames";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, Select, TextField, toast } from "@/ui";
import type { Group } from "./api";
import { arrive, prepareArrival } from "./arrive";

type Props = { school: string; group: Group; names: Names; onClose: () => void };

function Questions({ school, group, names, onClose }: Props) {
  const t = useT("groups");
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [last, setLast] = useState("");
  const [first, setFirst] = useState("");
  const [level, setLevel] = useState(group.level ?? "");
  const job = useRef<{ of: string; job: Job } | null>(null);
  const add = useMutation({
    mutationFn: async () => {
      const pupil = { last: last.trim(), first: first.trim(), level };
      const of = JSON.stringify(pupil);
      if (job.current?.of !== of) job.current = { of, job: await prepareArrival(school, group, pupil) };
      await arrive(job.current.job, names);
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["school", school] });
      toast(t("arrived"), { label: t("arrived_slip"), onPress: () => go(`/groupes/${group.id}/fiches`) });
      onClose();
    },
  });
  return (
    <Form error={add.error} onSubmit={() => add.mutate()}>
      <p>{t("arrival_text")}</p>
      <TextField label={t("last_name")} name="last" value={last} onChange={setLast} required maxLength={100} autoComplete="off" autoCapitalize="words" autoFocus />
      <TextField label={t("first_name")} name="first" value={first} onChange={setFirst} required maxLength={100} autoComplete="off" autoCapitalize="words" />
      {group.level === undefined && <Select label={t("level")} optional value={level || null} onChange={setLevel} options={LEVELS.map((l) => ({ id: l as string, label: l as string }))} />}
      <Actions>
        <Button type="submit" tone="main" pending={add.isPending}>
          {t("arrival_add")}
        </Button>
        <Button onPress={onClose}>{t("cancel")}</Button>
      </Actions>
    </Form>
  );
}

/** A pupil arrives: a name sealed in this browser, a pseudonym, a slip. */
export function ArrivalDialog(props: Props) {
  const t = useT("groups");
  return (
    <Dialog title={t("arrival_title", { name: props.group.name })} open onClose={props.onClose}>
      {props.names.status === "ready" ? <Questions {...props} /> : <NamesLine names={props.names} />}
    </Dialog>
  );
}
