import { useQueries, useQuery } from "@tanstack/react-query";
import { Check, DoorOpen, IdCard, KeyRound, LifeBuoy, Newspaper, Printer, Sun } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { Link } from "wouter";
import { type Group, groupsQuery, presenceQuery, useOpenDoor, yearsQuery } from "@/features/groups/api";
import { DOOR_USUAL } from "@/features/groups/door";
import { DoorState } from "@/features/groups/DoorState";
import { inSchoolOrder } from "@/features/groups/order";
import { useWaiting } from "@/features/journal/useWaiting";
import { TodayLessons } from "@/features/lesson/list/NextLesson";
import { useFreshAccess, useNames } from "@/features/names/useNames";
import { livingSheet } from "@/features/names/view";
import { passkeysWork } from "@/features/session/passkeys";
import { useSchoolFormat, type Work, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Card, Empty, ErrorState, LinkButton, Page, ProblemNotice, Skeleton, toast } from "@/ui";
import "./today.css";

/** Groups whose waiting devices are watched from here; the others show on their own page. */
const WATCHED = 12;
const WATCH_MS = 15_000;
const FEW_CODES = 3;

/** The groups that are one's own: those given by name, else those whose door is open. */
function ownGroups(groups: readonly Group[], { me }: Work): Group[] {
  const given = new Set(me.grants.filter((g) => g.scope === "group").map((g) => g.scopeId));
  return inSchoolOrder(groups.filter((g) => g.archivedAt === undefined && (given.has(g.id) || g.doorOpenUntil !== undefined)));
}

type Task = { id: string; icon: ReactNode; text: string; action: ReactNode };

/** Second devices that ask to enter, by group. */
function useEntries(groups: readonly Group[]): Task[] {
  const t = useT("today");
  const { school } = useWork();
  const presences = useQueries({
    queries: groups.slice(0, WATCHED).map((group) => ({ ...presenceQuery(school.id, group.id), refetchInterval: WATCH_MS })),
  });
  return groups.slice(0, WATCHED).flatMap((group, i) => {
    const count = presences[i]?.data?.entries.length ?? 0;
    if (count === 0) return [];
    return [
      {
        id: `entries-${group.id}`,
        icon: <DoorOpen aria-hidden size={22} />,
        text: t("entries", { count, group: group.name }),
        action: (
          <LinkButton href={`/groupes/${group.id}`} tone="main">
            {t("answer")}
          </LinkButton>
        ),
      },
    ];
  });
}

/** Colleagues who wait to see the names, and the names key that is not there yet. */
function useNamesTasks(hasSeats: boolean): Task[] {
  const t = useT("today");
  const { me, school, rights } = useWork();
  const { view, school: vault } = useNames(school.id);
  useFreshAccess(vault, rights.seesNames ? WATCH_MS : null);
  const tasks: Task[] = [];
  const icon = <IdCard aria-hidden size={22} />;
  if (!rights.seesNames || view.server === null) return tasks;
  const waiting = view.server.waiting.filter((person) => person.staffId !== me.staff.id).length;
  if (rights.leads && waiting > 0 && view.server.key !== null) {
    tasks.push({ id: "waiting", icon, text: t("colleagues", { count: waiting }), action: <LinkButton href="/noms">{t("let_in")}</LinkButton> });
  }
  const sheet = livingSheet(view.server);
  if (rights.manages && sheet && typeof sheet.storedAt !== "number") {
    tasks.push({ id: "sheet", icon: <Printer aria-hidden size={22} />, text: t("names_sheet"), action: <LinkButton href="/noms">{t("names_sheet_action")}</LinkButton> });
  }
  if (rights.manages && hasSeats && view.server.key === null) {
    tasks.push({ id: "names", icon, text: t("names_key"), action: <LinkButton href="/noms">{t("names_key_action")}</LinkButton> });
  } else if (!rights.manages && hasSeats && view.server.key !== null && !view.hasKey) {
    tasks.push({ id: "names", icon, text: t("names_own"), action: <LinkButton href="/noms">{t("names_own_action")}</LinkButton> });
  }
  return tasks;
}

/** What makes it possible to come back after losing a device or a password. */
function useAccountTasks(): Task[] {
  const t = useT("today");
  const { staff } = useWork().me;
  const tasks: Task[] = [];
  if (staff.recoveryCodesLeft < FEW_CODES) {
    tasks.push({
      id: "codes",
      icon: <LifeBuoy aria-hidden size={22} />,
      text: staff.recoveryCodesLeft === 0 ? t("codes_none") : t("codes_few", { count: staff.recoveryCodesLeft }),
      action: <LinkButton href="/compte">{t("codes_action")}</LinkButton>,
    });
  }
  if (staff.passkeys === 0 && passkeysWork()) {
    tasks.push({ id: "passkey", icon: <KeyRound aria-hidden size={22} />, text: t("passkey_none"), action: <LinkButton href="/compte">{t("passkey_action")}</LinkButton> });
  }
  return tasks;
}

/** What the journal waits for from whoever reviews or moderates it. */
function useJournalTasks(): Task[] {
  const t = useT("today");
  const waiting = useWaiting(useWork().school.id);
  const icon = <Newspaper aria-hidden size={22} />;
  const see = (href: string, label: string) => (
    <LinkButton href={href} label={label}>
      {t("journal_see")}
    </LinkButton>
  );
  return [
    { id: "replies", count: waiting?.replies ?? 0, text: "journal_replies", href: "/redaction/reponses" } as const,
    { id: "pieces", count: waiting?.pieces ?? 0, text: "journal_pieces", href: "/redaction/relecture" } as const,
    { id: "contributions", count: waiting?.contributions ?? 0, text: "journal_contributions", href: "/redaction/complements" } as const,
  ]
    .filter(({ count }) => count > 0)
    .map(({ id, count, text, href }) => ({ id: `journal-${id}`, icon, text: t(text, { count }), action: see(href, t(`${text}_see`)) }));
}

function Tasks({ tasks }: { tasks: readonly Task[] }) {
  return (
    <ul className="tasks">
      {tasks.map((task) => (
        <li key={task.id} className="task">
          {task.icon}
          <p>{task.text}</p>
          {task.action}
        </li>
      ))}
    </ul>
  );
}

function GroupDoors({ groups }: { groups: readonly Group[] }) {
  const t = useT("today");
  const { school, rights } = useWork();
  const openDoor = useOpenDoor(school.id);
  return (
    <>
      {openDoor.error && <ProblemNotice problem={openDoor.error} />}
      <ul className="doors">
        {groups.map((group) => (
          <li key={group.id} className="door">
            <h3>
              <Link href={`/groupes/${group.id}`}>{group.name}</Link>
            </h3>
            <p className="door-count">{t("seats", { count: group.seats })}</p>
            <DoorState until={group.doorOpenUntil} />
            {rights.teaches(group.id, group.yearId) && group.doorOpenUntil === undefined && (
              <Button
                icon={<DoorOpen aria-hidden size={18} />}
                label={t("open_door_of", { name: group.name })}
                pending={openDoor.isPending && openDoor.variables.group === group.id}
                onPress={() => openDoor.mutate({ group: group.id, minutes: DOOR_USUAL }, { onSuccess: () => toast(t("door_opened", { name: group.name })) })}
              >
                {t("open_door")}
              </Button>
            )}
            {group.doorOpenUntil !== undefined && (
              <LinkButton href={`/groupes/${group.id}`} label={t("see_group", { name: group.name })}>
                {t("see")}
              </LinkButton>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** What stands between an empty school and its first slip, in order; one step at a time can be taken. */
function FirstSteps({ hasYear }: { hasYear: boolean }) {
  const t = useT("today");
  const { school, rights } = useWork();
  const { view } = useNames(school.id);
  if (!rights.manages) {
    return (
      <Empty icon={<Sun aria-hidden size={32} />} title={t("nothing_title")}>
        {t("nothing_text")}
      </Empty>
    );
  }
  const steps = [
    { id: "year", done: hasYear, href: "/etablissement/annees" },
    { id: "key", done: (view.server?.key ?? null) !== null, href: "/noms" },
    { id: "import", done: false, href: "/groupes/importer" },
  ] as const;
  const next = steps.find((step) => !step.done)?.id;
  return (
    <Card title={t("first_title")} intro={t("first_text")}>
      <ol className="first-steps">
        {steps.map(({ id, done, href }) => (
          <li key={id} aria-current={id === next ? "step" : undefined}>
            <div>
              <h3>
                {t(`${id}_title`)}
                {done && (
                  <span className="first-done">
                    <Check aria-hidden size={18} /> {t("first_done")}
                  </span>
                )}
              </h3>
              <p>{t(`${id}_text`)}</p>
            </div>
            {id === next && (
              <LinkButton href={href} tone="main">
                {t(`${id}_action`)}
              </LinkButton>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** The home of staff: what waits for me, and my groups one press away. */
export default function TodayPage() {
  const t = useT("today");
  const work = useWork();
  const format = useSchoolFormat();
  const years = useQuery(yearsQuery(work.school.id));
  const groups = useQuery(groupsQuery(work.school.id));
  const own = useMemo(() => ownGroups(groups.data ?? [], work), [groups.data, work]);
  const given = work.me.grants.some((g) => g.scope === "group");
  const hasGroups = (groups.data?.length ?? 0) > 0;
  const tasks = [...useEntries(own), ...useNamesTasks(hasGroups), ...useJournalTasks(), ...useAccountTasks()];
  const error = groups.data && years.data ? null : (groups.error ?? years.error);
  return (
    <Page title={t("title")} over={format.day(Date.now())}>
      <TodayLessons />
      {tasks.length > 0 && (
        <Card title={t("waiting")}>
          <Tasks tasks={tasks} />
        </Card>
      )}
      {error ? (
        <ErrorState error={error} onRetry={() => void Promise.all([groups.refetch(), years.refetch()])} />
      ) : groups.isPending || years.isPending ? (
        <Skeleton rows={3} shape="cards" />
      ) : !hasGroups ? (
        <FirstSteps hasYear={(years.data ?? []).some((y) => y.closedAt === undefined)} />
      ) : (
        <Card title={t(given ? "my_groups" : "open_doors")} action={<Link href="/groupes">{t("all_groups", { count: groups.data?.length ?? 0 })}</Link>}>
          {own.length > 0 ? <GroupDoors groups={own} /> : <p className="card-intro">{t("no_door")}</p>}
        </Card>
      )}
    </Page>
  );
}
