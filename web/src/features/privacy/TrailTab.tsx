import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormat, useT } from "@/i18n";
import { Button, Card, type Column, DateField, ErrorState, Select, Skeleton, Table, useSpoken } from "@/ui";
import { acts, isKnown, trailViews } from "./acts";
import { colleaguesQuery, readTrail, seatsQuery, type TrailItem } from "./api";
import { detailWords } from "./details";

const subjects = { seat: "subject_seat", staff: "subject_staff", group: "subject_group", year: "subject_year", school: "subject_school" } as const;

function subjectKey(kind: string | undefined): (typeof subjects)[keyof typeof subjects] | "subject_other" {
  return kind !== undefined && kind in subjects ? subjects[kind as keyof typeof subjects] : "subject_other";
}

function useColumns(school: string): Column<TrailItem>[] {
  const t = useT("privacy");
  const role = useT("session");
  const format = useFormat();
  const staff = useQuery(colleaguesQuery(school));
  const seats = useQuery(seatsQuery(school));
  const person = (id: string | undefined) => (id === undefined ? "" : (staff.data?.get(id) ?? t("actor_gone")));
  const subject = (item: TrailItem) => {
    if (!item.subjectId) return "";
    const kind = t(subjectKey(item.subjectKind));
    if (item.subjectKind === "staff") return `${kind}, ${person(item.subjectId)}`;
    const seat = item.subjectKind === "seat" ? seats.data?.find((s) => s.id === item.subjectId) : undefined;
    return seat ? `${kind} ${seat.number}` : kind;
  };
  const actor = (item: TrailItem) => (item.actorKind === "system" ? t("actor_system") : item.actorKind === "seat" ? t("actor_seat") : person(item.actorId));
  return [
    { id: "at", head: t("trail_at"), cell: (item) => `${format.date(item.at)}, ${format.time(item.at)}` },
    { id: "act", head: t("trail_act"), main: true, cell: (item) => (isKnown(item.act) ? t(acts[item.act]) : item.act) },
    { id: "actor", head: t("trail_actor"), cell: actor },
    { id: "subject", head: t("trail_subject"), cell: subject },
    {
      id: "detail",
      head: t("trail_detail"),
      cell: (item) => <span className="privacy-note">{detailWords(item, { t, role, format }).join(", ")}</span>,
    },
  ];
}

/** The audit trail, newest first. */
export function TrailTab({ school }: { school: string }) {
  const t = useT("privacy");
  const [act, setAct] = useState("");
  const [actor, setActor] = useState("");
  const [since, setSince] = useState("");
  const staff = useQuery(colleaguesQuery(school));
  const columns = useColumns(school);
  const from = since === "" ? 0 : Date.parse(`${since}T00:00:00`) || 0;
  const trail = useInfiniteQuery({
    queryKey: ["school", school, "privacy", "trail", act, actor, from],
    queryFn: ({ pageParam, signal }) => readTrail(school, { act, actor, since: from }, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
  });
  const items = trail.data?.pages.flatMap((page) => page.items) ?? [];
  useSpoken(trail.isPending ? "" : t(trail.hasNextPage ? "trail_found_more" : "trail_found", { count: items.length }));
  return (
    <Card title={t("trail_title")} intro={t("trail_intro")}>
      <div className="privacy-filters">
        <Select label={t("trail_filter")} value={act} onChange={setAct} options={trailViews.map((view) => ({ id: view.id, label: t(view.text) }))} />
        <Select
          label={t("trail_who")}
          value={actor}
          onChange={setActor}
          options={[{ id: "", label: t("trail_anyone") }, ...[...(staff.data ?? [])].map(([id, name]) => ({ id, label: name }))]}
        />
        <DateField label={t("trail_since")} value={since} onChange={setSince} />
      </div>
      {trail.error ? (
        <ErrorState error={trail.error} onRetry={() => void trail.refetch()} />
      ) : trail.isPending ? (
        <Skeleton rows={6} />
      ) : items.length === 0 && !trail.hasNextPage ? (
        <p>{t("trail_none")}</p>
      ) : (
        <Table label={t("trail_list")} rows={items} columns={columns} rowId={(item) => item.id} page={2000} />
      )}
      {trail.hasNextPage && (
        <div>
          <Button onPress={() => void trail.fetchNextPage()} pending={trail.isFetchingNextPage}>
            {t("trail_more")}
          </Button>
        </div>
      )}
    </Card>
  );
}
