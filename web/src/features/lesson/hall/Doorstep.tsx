import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { groupQuery, presenceQuery, useAnswerEntry } from "@/features/groups/api";
import { useT } from "@/i18n";
import { announce, Button, Notice, ProblemNotice } from "@/ui";

/** Pupils of the lesson's group who wait to come in on another device: they are answered without leaving the lesson. */
export function Doorstep({ school, group, nameOf }: { school: string; group: string; nameOf: (seat: string) => string | null }) {
  const t = useT("live");
  const g = useT("groups");
  const presence = useQuery({ ...presenceQuery(school, group), retry: false });
  const entries = presence.data?.entries ?? [];
  const seats = useQuery({ ...groupQuery(school, group), enabled: entries.length > 0 });
  const answer = useAnswerEntry(school);
  const heard = useRef(0);
  useEffect(() => {
    if (entries.length > heard.current) announce(g("entries_heard", { count: entries.length }));
    heard.current = entries.length;
  }, [entries.length, g]);
  return (
    <>
      {answer.error && <ProblemNotice problem={answer.error} />}
      {entries.map((entry) => {
        const name = nameOf(entry.seatId) ?? seats.data?.seats.find((seat) => seat.id === entry.seatId)?.pseudonym ?? g("seat");
        return (
          <Notice
            key={entry.id}
            tone="sun"
            action={
              <>
                <Button tone="main" label={g("admit_who", { name })} onPress={() => answer.mutate({ group, entry: entry.id, admit: true })}>
                  {g("admit")}
                </Button>
                <Button label={g("refuse_who", { name })} onPress={() => answer.mutate({ group, entry: entry.id, admit: false })}>
                  {g("refuse")}
                </Button>
              </>
            }
          >
            {t("second_device", { name })}
          </Notice>
        );
      })}
    </>
  );
}
