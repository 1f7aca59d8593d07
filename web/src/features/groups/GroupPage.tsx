import { useQuery } from "@tanstack/react-query";
import { Ellipsis, Ticket, UserPlus, Users } from "lucide-react";
import { useMemo, useState } from "react";
import { useParams } from "wouter";
import { GroupLesson } from "@/features/lesson/list/NextLesson";
import { FirstNamesSwitch } from "@/features/names/FirstNamesSwitch";
import { listName } from "@/features/names/search";
import { NamesLine } from "@/features/names/SeatName";
import { useLoadedNames } from "@/features/names/useNames";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, ConfirmDialog, Empty, ErrorState, LinkButton, Menu, Notice, Page, Skeleton, toast } from "@/ui";
import { groupQuery, type GroupSeats, leftQuery, presenceQuery, type Seat, useChangeSeat, yearsQuery } from "./api";
import { ArrivalDialog } from "./ArrivalDialog";
import { DoorCard } from "./DoorCard";
import { Entries } from "./Entries";
import { GroupDialog } from "./GroupDialog";
import { RenameDialog } from "./RenameDialog";
import { SeatGroupsDialog } from "./SeatGroupsDialog";
import { SeatList } from "./SeatList";

type Asked = { what: "rename" | "groups" | "leave"; seat: Seat } | { what: "arrive" | "change" };

function Loaded({ data }: { data: GroupSeats }) {
  const t = useT("groups");
  const format = useSchoolFormat();
  const { school, rights } = useWork();
  const { group } = data;
  const left = useQuery({ ...leftQuery(school.id, group.yearId, group.id), enabled: rights.manages });
  const seats = useMemo(() => {
    const here = new Set(data.seats.map((seat) => seat.id));
    return [...data.seats, ...(left.data ?? []).filter((seat) => !here.has(seat.id) && seat.erasedAt === undefined)];
  }, [data.seats, left.data]);
  const presence = useQuery(presenceQuery(school.id, group.id));
  const years = useQuery(yearsQuery(school.id));
  const names = useLoadedNames(school.id, [group.id]);
  const [asked, setAsked] = useState<Asked | null>(null);
  const changeSeat = useChangeSeat(school.id);
  const year = years.data?.find((y) => y.id === group.yearId);
  const present = presence.data?.present.length ?? 0;
  const nameOf = (seat: string) => {
    const name = names.name(seat);
    return name ? listName(name) : null;
  };
  const who = (seat: Seat) => nameOf(seat.id) ?? seat.pseudonym;
  const active = group.archivedAt === undefined && year?.closedAt === undefined;
  const back = (seat: Seat) => changeSeat.mutate({ seat: seat.id, left: false }, { onSuccess: () => toast(t("back_done")) });
  return (
    <Page
      title={group.name}
      back={{ href: "/groupes", label: t("title") }}
      intro={[group.level, t("seat_count", { count: group.seats }), presence.data && t("present_count", { count: present })].filter(Boolean).join(", ")}
      action={
        <>
          <LinkButton href={`/groupes/${group.id}/fiches`} icon={<Ticket aria-hidden size={18} />}>
            {t("slips")}
          </LinkButton>
          {rights.manages && active && (
            <Menu
              word={t("more")}
              label={t("more_of", { name: group.name })}
              icon={<Ellipsis aria-hidden size={18} />}
              entries={[
                { id: "arrive", label: t("arrival_add"), icon: <UserPlus aria-hidden size={18} />, onAction: () => setAsked({ what: "arrive" }) },
                { id: "change", label: t("change"), onAction: () => setAsked({ what: "change" }) },
              ]}
            />
          )}
        </>
      }
    >
      {!active && <Notice tone="sun">{t(group.archivedAt === undefined ? "year_is_closed" : "group_is_archived", { date: format.date(group.archivedAt ?? year?.closedAt ?? 0) })}</Notice>}
      {presence.data && rights.teaches(group.id, group.yearId) && <Entries school={school.id} group={group.id} presence={presence.data} seats={seats} nameOf={nameOf} />}
      {active && rights.teaches(group.id, group.yearId) && <GroupLesson group={group.id} name={group.name} />}
      {active && <DoorCard school={school.id} group={group} presence={presence.data} mayOpen={rights.teaches(group.id, group.yearId)} whoIs={(seat) => nameOf(seat) ?? seats.find((s) => s.id === seat)?.pseudonym ?? ""} />}
      {rights.seesNames && <NamesLine names={names} />}
      {active && presence.data && seats.length > 0 && rights.teaches(group.id, group.yearId) && (
        <FirstNamesSwitch schoolId={school.id} groupId={group.id} seats={data.seats} present={presence.data.present} />
      )}
      {seats.length === 0 ? (
        <Empty
          icon={<Users aria-hidden size={32} />}
          title={t("no_seats_title")}
          action={
            rights.manages &&
            active && (
              <>
                <LinkButton href="/groupes/importer" tone="main">
                  {t("import")}
                </LinkButton>
                <Button onPress={() => setAsked({ what: "arrive" })}>{t("arrival_add")}</Button>
              </>
            )
          }
        >
          {t("no_seats_text")}
        </Empty>
      ) : (
        <SeatList
          group={group}
          seats={seats}
          presence={presence.data}
          names={names}
          manages={rights.manages && active}
          onRename={(seat) => setAsked({ what: "rename", seat })}
          onGroups={(seat) => setAsked({ what: "groups", seat })}
          onLeave={(seat) => setAsked({ what: "leave", seat })}
          onReturn={back}
        />
      )}
      {asked?.what === "arrive" && <ArrivalDialog school={school.id} group={group} names={names} onClose={() => setAsked(null)} />}
      {asked?.what === "change" && <GroupDialog school={school.id} years={years.data ?? []} group={group} open onClose={() => setAsked(null)} />}
      {asked?.what === "rename" && <RenameDialog seat={asked.seat} names={names} onClose={() => setAsked(null)} />}
      {asked?.what === "groups" && <SeatGroupsDialog school={school.id} seat={asked.seat} name={who(asked.seat)} onClose={() => setAsked(null)} />}
      {asked?.what === "leave" && (
        <ConfirmDialog
          title={t("leave_title", { name: who(asked.seat) })}
          action={t("mark_left")}
          open
          onClose={() => setAsked(null)}
          onConfirm={async () => {
            await changeSeat.mutateAsync({ seat: asked.seat.id, left: true });
            toast(t("left_done", { name: who(asked.seat) }));
          }}
        >
          <p>{t("leave_text")}</p>
        </ConfirmDialog>
      )}
    </Page>
  );
}

/** A group: its door, who is in, its seats, their names when they can be read here. */
export default function GroupPage() {
  const t = useT("groups");
  const { school } = useWork();
  const { id } = useParams<{ id: string }>();
  const group = useQuery(groupQuery(school.id, id));
  if (group.data) return <Loaded data={group.data} />;
  return (
    <Page title={t("group")} back={{ href: "/groupes", label: t("title") }}>
      {group.error ? <ErrorState error={group.error} onRetry={() => void group.refetch()} /> : <Skeleton rows={8} />}
    </Page>
  );
}
