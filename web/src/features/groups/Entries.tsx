import { Check, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useSchoolFormat } from "@/features/session/school";
import { useT } from "@/i18n";
import { announce, Button, Card, ProblemNotice, toast } from "@/ui";
import { type Presence, type Seat, useAnswerEntry } from "./api";
import { SeatWho } from "./SeatWho";
import "./groups.css";

const deviceKeys = { phone: "device_phone", tablet: "device_tablet", computer: "device_computer" } as const;

type Props = { school: string; group: string; presence: Presence; seats: readonly Seat[]; nameOf: (seat: string) => string | null };

/** Devices that ask to enter: staff answer. */
export function Entries(props: Props) {
  const t = useT("groups");
  const heard = useRef(0);
  const { entries } = props.presence;
  const count = entries.length;
  useEffect(() => {
    const more = count > heard.current;
    heard.current = count;
    if (more) announce(t("entries_heard", { count }));
  }, [count, t]);
  const tried = entries.filter((entry) => entry.tried);
  const second = entries.filter((entry) => !entry.tried);
  return (
    <>
      <EntryList {...props} entries={tried} title={t("tried_entries_title", { count: tried.length })} intro={t("tried_entries_intro")} />
      <EntryList {...props} entries={second} title={t("entries_title", { count: second.length })} intro={t("entries_intro")} />
    </>
  );
}

function EntryList({ school, group, entries, seats, nameOf, title, intro }: Props & { entries: Presence["entries"]; title: string; intro: string }) {
  const t = useT("groups");
  const format = useSchoolFormat();
  const answer = useAnswerEntry(school);
  if (entries.length === 0) return null;
  return (
    <Card title={title} intro={intro}>
      {answer.error && <ProblemNotice problem={answer.error} />}
      <ul className="entries">
        {entries.map((entry) => {
          const seat = seats.find((s) => s.id === entry.seatId);
          const who = nameOf(entry.seatId) ?? seat?.pseudonym ?? t("seat");
          const busy = answer.isPending && answer.variables.entry === entry.id;
          return (
            <li key={entry.id} className="entry">
              <SeatWho
                seat={seat ?? { id: entry.seatId, picture: "", pseudonym: t("seat") }}
                detail={t(entry.via === "link" ? "entry_by_link" : "entry_by_code", { device: t(deviceKeys[entry.device]), time: format.time(entry.since) })}
              />
              <span className="group-acts">
                <Button
                  tone="main"
                  icon={<Check aria-hidden size={18} />}
                  label={t("admit_who", { name: who })}
                  pending={busy && answer.variables.admit}
                  onPress={() => answer.mutate({ group, entry: entry.id, admit: true }, { onSuccess: () => toast(t("admitted", { name: who })) })}
                >
                  {t("admit")}
                </Button>
                <Button
                  icon={<X aria-hidden size={18} />}
                  label={t("refuse_who", { name: who })}
                  pending={busy && !answer.variables.admit}
                  onPress={() => answer.mutate({ group, entry: entry.id, admit: false }, { onSuccess: () => toast(t("entry_refused", { name: who })) })}
                >
                  {t("refuse")}
                </Button>
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
