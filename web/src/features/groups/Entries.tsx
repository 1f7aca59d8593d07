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

/** Second devices that ask to enter while the first is still in: staff answer. */
export function Entries({ school, group, presence, seats, nameOf }: Props) {
  const t = useT("groups");
  const format = useSchoolFormat();
  const answer = useAnswerEntry(school);
  const heard = useRef(0);
  const count = presence.entries.length;
  useEffect(() => {
    const more = count > heard.current;
    heard.current = count;
    if (more) announce(t("entries_heard", { count }));
  }, [count, t]);
  if (count === 0) return null;
  return (
    <Card title={t("entries_title", { count })} intro={t("entries_intro")}>
      {answer.error && <ProblemNotice problem={answer.error} />}
      <ul className="entries">
        {presence.entries.map((entry) => {
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
