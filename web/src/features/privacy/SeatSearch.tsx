import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { listName } from "@/features/names/search";
import { useLoadedNames } from "@/features/names/useNames";
import { useT } from "@/i18n";
import { type Column, ErrorState, LinkButton, Notice, ProblemNotice, Skeleton, Table, TextField, useSpoken } from "@/ui";
import { exportSeat, seatsQuery, useEraseSeat } from "./api";
import { EraseDialog } from "./EraseDialog";
import { findSeats, type Seat, SHOWN } from "./person";
import { ExportDone } from "./ExportDone";
import { PersonActs } from "./PersonActs";
import { usePersonExport } from "./usePersonExport";

const wholeSchool: readonly string[] = [];

/** Finds a pupil by name, in this browser alone, or by number or pseudonym. */
export function SeatSearch({ school }: { school: string }) {
  const t = useT("privacy");
  const names = useLoadedNames(school, wholeSchool);
  const seats = useQuery(seatsQuery(school));
  const erase = useEraseSeat(school);
  const exporting = usePersonExport();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState<Seat | null>(null);
  const found = useMemo(() => findSeats(seats.data ?? [], text, new Set(text.trim() === "" ? [] : names.search(text))), [seats.data, text, names]);
  useSpoken(text.trim() === "" ? "" : t("search_found", { count: found.length }));
  if (seats.error) return <ErrorState error={seats.error} onRetry={() => void seats.refetch()} />;
  if (!seats.data) return <Skeleton rows={3} />;
  const nameOf = (seat: Seat) => {
    const name = names.name(seat.id);
    return name ? listName(name) : null;
  };
  const who = (seat: Seat) => nameOf(seat) ?? `${seat.number}, ${seat.pseudonym}`;
  const columns: Column<Seat>[] = [
    { id: "number", head: t("col_number"), end: true, cell: (seat) => seat.number },
    { id: "name", head: t("col_name"), main: true, cell: (seat) => nameOf(seat) ?? <span className="privacy-note">{t("name_unknown")}</span> },
    { id: "pseudonym", head: t("col_pseudonym"), cell: (seat) => seat.pseudonym },
    { id: "state", head: t("col_state"), cell: (seat) => t(seat.leftAt === undefined ? "state_here" : "state_left") },
    {
      id: "acts",
      head: t("col_actions"),
      headHidden: true,
      end: true,
      cell: (seat) => (
        <PersonActs
          who={who(seat)}
          pending={exporting.isPending && exporting.variables.label === String(seat.number)}
          onExport={() => exporting.mutate({ label: String(seat.number), name: nameOf(seat), read: () => exportSeat(school, seat.id) })}
          onErase={() => setAsked(seat)}
        />
      ),
    },
  ];
  return (
    <>
      {names.status !== "ready" && names.status !== "loading" && (
        <Notice tone="info" action={<LinkButton href="/noms">{t("open_names")}</LinkButton>}>
          {t("names_locked")}
        </Notice>
      )}
      <TextField label={t("search_label")} type="search" value={text} onChange={setText} wide />
      {exporting.error && <ProblemNotice problem={exporting.error} />}
      <ExportDone done={exporting.isSuccess} />
      {text.trim() === "" ? (
        <p className="privacy-note">{t("search_hint")}</p>
      ) : found.length === 0 ? (
        <p>{t("search_none")}</p>
      ) : (
        <>
          <Table label={t("found")} rows={found.slice(0, SHOWN)} columns={columns} rowId={(seat) => seat.id} rowName={who} />
          {found.length > SHOWN && <p className="privacy-note">{t("search_more", { count: found.length - SHOWN })}</p>}
        </>
      )}
      {asked && (
        <EraseDialog
          text={t("erase_text", { number: String(asked.number) })}
          ask={t("erase_type_number", { number: String(asked.number) })}
          wanted={String(asked.number)}
          onErase={(reason) => erase.mutateAsync({ id: asked.id, reason })}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
