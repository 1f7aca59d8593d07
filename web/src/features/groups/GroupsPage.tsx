import { useQuery } from "@tanstack/react-query";
import { CalendarPlus, DoorClosed, DoorOpen, Ellipsis, FileUp, Plus, Users } from "lucide-react";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, type Column, ConfirmDialog, Empty, ErrorState, LinkButton, Menu, Page, ProblemNotice, Select, Skeleton, Table, toast } from "@/ui";
import { type Group, groupsQuery, useChangeGroup, useCloseDoor, useOpenDoor, useRemoveGroup, yearsQuery } from "./api";
import { DOOR_USUAL } from "./door";
import { DoorState } from "./DoorState";
import { GroupDialog } from "./GroupDialog";
import { inSchoolOrder } from "./order";

type Asked = { what: "change" | "archive" | "remove"; group: Group };

function useColumns(ask: (asked: Asked) => void): Column<Group>[] {
  const t = useT("groups");
  const { school, rights } = useWork();
  const openDoor = useOpenDoor(school.id);
  const closeDoor = useCloseDoor(school.id);
  const restore = useChangeGroup(school.id);
  return [
    {
      id: "name",
      head: t("group"),
      main: true,
      cell: (group) => (
        <>
          <Link href={`/groupes/${group.id}`}>{group.name}</Link>
          {group.archivedAt !== undefined && <span className="group-archived"> {t("archived")}</span>}
        </>
      ),
    },
    { id: "kind", head: t("kind"), cell: (group) => t(group.kind === "class" ? "kind_class" : "kind_group") },
    { id: "level", head: t("level"), cell: (group) => group.level ?? t("level_none") },
    { id: "seats", head: t("seats"), end: true, cell: (group) => group.seats },
    { id: "door", head: t("door"), cell: (group) => <DoorState until={group.doorOpenUntil} /> },
    {
      id: "acts",
      head: t("acts"),
      headHidden: true,
      end: true,
      cell: (group) => (
        <div className="group-acts">
          {rights.teaches(group.id, group.yearId) && group.doorOpenUntil === undefined && group.archivedAt === undefined && (
            <Button
              icon={<DoorOpen aria-hidden size={18} />}
              label={t("open_door_of", { name: group.name })}
              pending={openDoor.isPending && openDoor.variables.group === group.id}
              onPress={() => openDoor.mutate({ group: group.id, minutes: DOOR_USUAL }, { onSuccess: () => toast(t("door_opened", { name: group.name })) })}
            >
              {t("open_door")}
            </Button>
          )}
          {rights.teaches(group.id, group.yearId) && group.doorOpenUntil !== undefined && (
            <Button
              icon={<DoorClosed aria-hidden size={18} />}
              label={t("close_door_of", { name: group.name })}
              pending={closeDoor.isPending && closeDoor.variables === group.id}
              onPress={() => closeDoor.mutate(group.id)}
            >
              {t("close_door")}
            </Button>
          )}
          {rights.manages && (
            <Menu
              word={t("more")}
              label={t("more_of", { name: group.name })}
              icon={<Ellipsis aria-hidden size={18} />}
              tone="quiet"
              entries={
                group.archivedAt === undefined
                  ? [
                      { id: "change", label: t("change"), onAction: () => ask({ what: "change", group }) },
                      group.seats === 0
                        ? { id: "remove", label: t("remove"), danger: true, onAction: () => ask({ what: "remove", group }) }
                        : { id: "archive", label: t("archive"), onAction: () => ask({ what: "archive", group }) },
                    ]
                  : [{ id: "restore", label: t("restore"), onAction: () => restore.mutate({ group: group.id, archived: false }) }]
              }
            />
          )}
        </div>
      ),
    },
  ];
}

function List({ groups, showArchived, ask }: { groups: readonly Group[]; showArchived: boolean; ask: (asked: Asked) => void }) {
  const t = useT("groups");
  const columns = useColumns(ask);
  const rows = useMemo(() => inSchoolOrder(groups.filter((g) => showArchived || g.archivedAt === undefined)), [groups, showArchived]);
  return <Table label={t("title")} rows={rows} columns={columns} rowId={(g) => g.id} rowName={(g) => g.name} />;
}

/** The groups of a year, their doors, and where to make more. */
export default function GroupsPage() {
  const t = useT("groups");
  const { school, rights } = useWork();
  const years = useQuery(yearsQuery(school.id));
  const [chosen, setChosen] = useState<string | null>(null);
  const open = years.data?.filter((y) => y.closedAt === undefined) ?? [];
  const year = years.data?.find((y) => y.id === chosen) ?? open[0] ?? years.data?.[0];
  const groups = useQuery({ ...groupsQuery(school.id, year?.id), enabled: year !== undefined });
  const [making, setMaking] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [showArchived, setShowArchived] = useState(false);
  const change = useChangeGroup(school.id);
  const remove = useRemoveGroup(school.id);
  const manageable = rights.manages && open.length > 0;
  const archived = groups.data?.filter((g) => g.archivedAt !== undefined).length ?? 0;
  const error = years.data && (!year || groups.data) ? null : (years.error ?? groups.error);
  const empty = groups.data?.length === 0;
  return (
    <Page
      title={t("title")}
      over={year ? t("year_of", { year: year.label }) : school.name}
      action={
        manageable && (
          <>
            <Button icon={<Plus aria-hidden size={18} />} onPress={() => setMaking(true)}>
              {t("make")}
            </Button>
            <LinkButton href="/groupes/importer" tone="main" icon={<FileUp aria-hidden size={18} />}>
              {t("import")}
            </LinkButton>
          </>
        )
      }
    >
      {(years.data?.length ?? 0) > 1 && year && (
        <Select label={t("year")} value={year.id} onChange={setChosen} options={(years.data ?? []).map((y) => ({ id: y.id, label: y.closedAt === undefined ? y.label : t("year_closed", { year: y.label }) }))} />
      )}
      {error ? (
        <ErrorState error={error} onRetry={() => void (years.error ? years.refetch() : groups.refetch())} />
      ) : years.isPending || (year && groups.isPending) ? (
        <Skeleton rows={6} />
      ) : !year ? (
        <Empty
          icon={<CalendarPlus aria-hidden size={32} />}
          title={t("no_year_title")}
          action={
            rights.manages && (
              <LinkButton href="/etablissement/annees" tone="main">
                {t("no_year_action")}
              </LinkButton>
            )
          }
        >
          {t(rights.manages ? "no_year_text" : "no_year_ask")}
        </Empty>
      ) : empty ? (
        <Empty
          icon={<Users aria-hidden size={32} />}
          title={t("empty_title")}
          action={
            manageable && (
              <LinkButton href="/groupes/importer" tone="main">
                {t("import")}
              </LinkButton>
            )
          }
        >
          {t(rights.manages ? "empty_text" : "empty_ask")}
        </Empty>
      ) : (
        <>
          {change.error && <ProblemNotice problem={change.error} />}
          <List groups={groups.data ?? []} showArchived={showArchived} ask={setAsked} />
          {archived > 0 && (
            <div>
              <Button tone="quiet" onPress={() => setShowArchived(!showArchived)}>
                {t(showArchived ? "hide_archived" : "show_archived", { count: archived })}
              </Button>
            </div>
          )}
        </>
      )}
      {making && <GroupDialog school={school.id} years={open} open onClose={() => setMaking(false)} />}
      {asked?.what === "change" && <GroupDialog school={school.id} years={open} group={asked.group} open onClose={() => setAsked(null)} />}
      <ConfirmDialog
        title={t("archive_title", { name: asked?.group.name ?? "" })}
        action={t("archive")}
        open={asked?.what === "archive"}
        onClose={() => setAsked(null)}
        onConfirm={async () => {
          await change.mutateAsync({ group: asked?.group.id ?? "", archived: true });
          toast(t("archive_done", { name: asked?.group.name ?? "" }));
        }}
      >
        <p>{t("archive_text")}</p>
      </ConfirmDialog>
      <ConfirmDialog
        title={t("remove_title", { name: asked?.group.name ?? "" })}
        action={t("remove")}
        danger
        open={asked?.what === "remove"}
        onClose={() => setAsked(null)}
        onConfirm={async () => {
          await remove.mutateAsync(asked?.group.id ?? "");
          toast(t("remove_done", { name: asked?.group.name ?? "" }));
        }}
      >
        <p>{t("remove_text")}</p>
      </ConfirmDialog>
    </Page>
  );
}
