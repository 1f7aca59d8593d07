import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { DoorOpen } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { SeatPicture } from "@/features/pseudonyms/SeatPicture";
import { PupilLessons } from "@/features/lesson/hall/PupilLessons";
import { PupilSittings, usePupilSittings } from "@/features/sitting/PupilSittings";
import { leaveNothing } from "@/features/sitting/queue";
import { forgetDrafts } from "@/features/journal/drafts";
import { PupilJournalCard } from "@/features/journal/PupilJournalCard";
import { problemOf } from "@/api/problem";
import { useT } from "@/i18n";
import { Button, ErrorState, LinkButton, Notice, Skeleton, useOfflineSince } from "@/ui";
import { type DoorState, leave, whereAmI } from "./api";
import { Child } from "./Child";
import { confirmed, forget, thisEntry } from "./entry";
import { FirstNames } from "./FirstNames";
import { Press } from "./Press";

/** How often this page tells the server that the pupil is still there, in milliseconds. */
const HEARTBEAT = 30_000;
const WAITING = 3_000;
const RETRY = 3_000;

/** The pupil's own page: who I am, where I am, how to leave. */
export default function PupilPage() {
  const t = useT("pupil");
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [asking, setAsking] = useState(() => thisEntry().confirming);
  const offline = useOfflineSince();
  const door = useQuery({
    queryKey: ["door"],
    staleTime: 0, // the door's page may have asked a moment before the pupil came in
    queryFn: ({ signal }) => whereAmI(signal),
    refetchInterval: (q) => (q.state.data?.status === "waiting" ? WAITING : HEARTBEAT),
    refetchIntervalInBackground: true,
    gcTime: 0,
  });
  const out = useMutation({
    mutationFn: leave,
    // Out of reach, the place stays open on the server: asked again until it is closed.
    retry: (_, error) => problemOf(error).passing,
    retryDelay: RETRY,
    onSuccess: () => {
      forget();
      void leaveNothing();
      void forgetDrafts();
      queries.clear();
      go("/", { replace: true });
    },
  });
  // What was known before this page may be old; later questions are asked behind what it shows.
  if (door.isPending || (!door.isFetchedAfterMount && door.data?.status === "out")) return <Child title={t("home_loading")}><Skeleton /></Child>;
  if (!door.data) return <Child title={t("home_loading")}><ErrorState error={door.error} onRetry={() => void door.refetch()} /></Child>;
  const state = door.data;
  if (state.status === "out" || !state.seat) return <Out why={state.why} />;
  if (out.isPending && out.failureCount > 0) {
    return (
      <Child title={t("leaving_title")}>
        <p role="status">{t("leaving_offline")}</p>
      </Child>
    );
  }
  const leaving = (
    <Press icon={<DoorOpen aria-hidden />} busy={out.isPending} onPress={() => out.mutate()}>
      {t("leave")}
    </Press>
  );
  if (state.status === "waiting") {
    return (
      <Child title={t("waiting_title")} listen="waiting" corner={leaving}>
        <Me seat={state.seat} />
        <p role="status">{t("waiting")}</p>
      </Child>
    );
  }
  if (asking) {
    const yes = () => {
      confirmed();
      setAsking(false);
    };
    return (
      <Child title={t("confirm_title")} listen="confirm">
        <Me seat={state.seat} />
        <div className="child-row">
          <Button tone="main" big onPress={yes}>
            {t("confirm_yes")}
          </Button>
          <Press big busy={out.isPending} onPress={() => out.mutate()}>
            {t("confirm_no")}
          </Press>
        </div>
      </Child>
    );
  }
  return (
    <Child title={t("home_title", { pseudonym: state.seat.pseudonym })} listen="home" corner={leaving}>
      <SeatPicture picture={state.seat.picture} size={180} spoken className="child-picture" />
      {offline && <Notice tone="sun">{t("offline")}</Notice>}
      <ul className="child-groups" aria-label={t("groups")}>
        {state.groups?.map((g) => <li key={g.id}>{g.name}</li>)}
      </ul>
      <Open school={state.seat.schoolId} />
      <PupilJournalCard school={state.seat.schoolId} />
      <FirstNames state={state} />
      {!state.own && <p className="child-foot">{t("shared_foot")}</p>}
    </Child>
  );
}

/** What the pupil can do now; a word of patience when there is nothing. */
function Open({ school }: { school: string }) {
  const t = useT("pupil");
  const sittings = usePupilSittings();
  return (
    <>
      <PupilSittings offers={sittings} />
      <PupilLessons
        school={school}
        none={
          sittings.length > 0 ? null : (
            <div className="child-card">
              <h2>{t("nothing_title")}</h2>
              <p>{t("nothing")}</p>
            </div>
          )
        }
      />
    </>
  );
}

function Me({ seat }: { seat: NonNullable<DoorState["seat"]> }) {
  return (
    <>
      <SeatPicture picture={seat.picture} size={180} className="child-picture" />
      <p className="child-pseudonym">{seat.pseudonym}</p>
    </>
  );
}

const reasons = {
  left: "out_left", other: "out_other", moved: "out_moved", taken: "out_taken", refused: "out_refused",
  replaced: "out_replaced", stopped: "out_stopped", expired: "out_expired",
} as const;

function Out({ why }: { why: DoorState["why"] }) {
  const t = useT("pupil");
  useEffect(forget, []);
  return (
    <Child title={t("out_title")}>
      <p>{t(why ? reasons[why] : "out_never")}</p>
      <LinkButton href="/" tone="main" big>
        {t("to_door")}
      </LinkButton>
    </Child>
  );
}
