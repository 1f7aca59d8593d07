import { CircleCheck, Ellipsis, Search } from "lucide-react";
import { useMemo, useState } from "react";
import type { Names } from "@/features/names/useNames";
import { listName, matches, searchable } from "@/features/names/search";
import { useSchoolFormat } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, type Column, Empty, Menu, type MenuEntry, Table, TextField, useSpoken } from "@/ui";
import type { Group, Presence, Seat } from "./api";
import { SeatWho } from "./SeatWho";
import "./groups.css";

type Props = {
  group: Group;
  seats: readonly Seat[];
  presence: Presence | undefined;
  names: Names;
  manages: boolean;
  onRename: (seat: Seat) => void;
  onGroups: (seat: Seat) => void;
  onLeave: (seat: Seat) => void;
  onReturn: (seat: Seat) => void;
};

const collator = new Intl.Collator("fr", { numeric: true, sensitivity: "base" });

/** Seats by name where names can be read, by number where not. */
function useSorted(seats: readonly Seat[], names: Names): readonly Seat[] {
  return useMemo(() => {
    const key = (seat: Seat) => {
      const name = names.name(seat.id);
      return name ? `${name.last} ${name.first}` : null;
    };
    return [...seats].sort((a, b) => {
      const [one, other] = [key(a), key(b)];
      if (one !== null && other !== null) return collator.compare(one, other);
      return Number(one === null) - Number(other === null) || a.number - b.number;
    });
  }, [seats, names]);
}

/** The seats of a group, found by name, pseudonym or number. */
export function SeatList({ group, seats, presence, names, manages, onRename, onGroups, onLeave, onReturn }: Props) {
  const t = useT("groups");
  const format = useSchoolFormat();
  const [text, setText] = useState("");
  const [showLeft, setShowLeft] = useState(false);
  const left = seats.filter((s) => s.leftAt !== undefined).length;
  const sorted = useSorted(seats, names);
  const rows = useMemo(() => {
    const wanted = searchable(text).split(" ").filter(Boolean);
    const named = new Set(wanted.length > 0 ? names.search(text) : []);
    return sorted.filter(
      (seat) => (showLeft || seat.leftAt === undefined) && (wanted.length === 0 || named.has(seat.id) || matches(searchable(`${seat.pseudonym} ${seat.number}`), wanted)),
    );
  }, [sorted, text, names, showLeft]);
  useSpoken(text === "" ? "" : t("search_found", { count: rows.length }));
  const present = useMemo(() => new Map(presence?.present.map((p) => [p.seatId, p])), [presence]);

  const acts = (seat: Seat): MenuEntry[] =>
    seat.leftAt === undefined
      ? [
          { id: "slip", label: t("see_slip"), href: `/groupes/${group.id}/fiches` },
          ...(names.status === "ready" ? [{ id: "rename", label: t("rename"), onAction: () => onRename(seat) }] : []),
          { id: "groups", label: t("change_groups"), onAction: () => onGroups(seat) },
          { id: "leave", label: t("mark_left"), onAction: () => onLeave(seat) },
        ]
      : [{ id: "return", label: t("mark_back"), onAction: () => onReturn(seat) }];
  const nameOf = (seat: Seat) => {
    const name = names.name(seat.id);
    return name ? listName(name) : null;
  };
  const columns: Column<Seat>[] = [
    { id: "who", head: t("pupil"), main: true, cell: (seat) => <SeatWho seat={seat} /> },
    { id: "number", head: t("number"), end: true, cell: (seat) => seat.number },
    { id: "level", head: t("level"), plain: true, cell: (seat) => seat.level ?? t("level_none") },
    {
      id: "here",
      head: t("presence"),
      plain: true,
      cell: (seat) => {
        const here = present.get(seat.id);
        if (seat.leftAt !== undefined) return <span className="seat-out">{t("left_on", { date: format.date(seat.leftAt) })}</span>;
        return here ? (
          <span className="seat-in">
            <CircleCheck aria-hidden size={18} />
            {t("in_since", { time: format.time(here.since) })}
          </span>
        ) : (
          <span className="seat-out">{t("not_in")}</span>
        );
      },
    },
  ];
  if (manages) {
    columns.push({
      id: "acts",
      head: t("acts"),
      headHidden: true,
      end: true,
      beside: true,
      cell: (seat) => (
        <Menu word={t("more")} label={t("more_of", { name: nameOf(seat) ?? seat.pseudonym })} tone="quiet" icon={<Ellipsis aria-hidden size={18} />} entries={acts(seat)} />
      ),
    });
  }
  return (
    <>
      <div className="seats-tools">
        <TextField label={t(names.status === "ready" ? "search_names" : "search")} type="search" value={text} onChange={setText} autoComplete="off" />
        {left > 0 && (
          <Button tone="quiet" onPress={() => setShowLeft(!showLeft)}>
            {t(showLeft ? "hide_left" : "show_left", { count: left })}
          </Button>
        )}
      </div>
      {rows.length === 0 && text !== "" ? (
        <Empty
          icon={<Search aria-hidden size={32} />}
          title={t("search_nothing", { text })}
          action={<Button onPress={() => setText("")}>{t("search_clear")}</Button>}
        >
          {names.status === "ready" ? undefined : t("search_without_names")}
        </Empty>
      ) : (
        <Table label={t("seats_of", { name: group.name })} rows={rows} columns={columns} rowId={(s) => s.id} rowName={(s) => nameOf(s) ?? s.pseudonym} />
      )}
    </>
  );
}
