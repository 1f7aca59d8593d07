import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { Redirect, useParams } from "wouter";
import { problemOf } from "@/api/problem";
import { type DoorState, whereAmI } from "@/features/door/api";
import { useFirstNames } from "@/features/door/FirstNames";
import { useT } from "@/i18n";
import { ErrorState, LinkButton, Skeleton } from "@/ui";
import { lessonQuery } from "../api";
import type { Person } from "../live/protocol";
import { onOwnDevice } from "../media/devices";
import { Hall } from "./Hall";
import { usePresented } from "./standing";
import "./hall.css";

function Loaded({ school, lesson, title, door }: { school: string; lesson: string; title: string; door: DoorState }) {
  const t = useT("live");
  const presented = usePresented("seat");
  const firstNames = useFirstNames(door);
  useEffect(() => onOwnDevice(door.own === true), [door.own]);
  const nameOf = useCallback((person: Person) => (person.seat && firstNames.get(person.seat)) || person.name || person.pseudonym || person.label || "", [firstNames]);
  return (
    <Hall
      as="seat"
      path={`/api/v1/schools/${school}/lessons/${lesson}/live?as=seat`}
      lesson={lesson}
      title={title}
      presented={presented}
      nameOf={nameOf}
      back={{ href: "/eleve", word: t("to_my_page") }}
    />
  );
}

/** The room of a lesson, for a pupil who is in. */
export default function PupilRoom() {
  const t = useT("live");
  const { school, lesson } = useParams<{ school: string; lesson: string }>();
  const door = useQuery({ queryKey: ["door"], queryFn: ({ signal }) => whereAmI(signal), staleTime: 0, gcTime: 0, refetchOnWindowFocus: false });
  const found = useQuery({ ...lessonQuery(school, lesson, "seat"), enabled: door.data?.status === "in", refetchOnWindowFocus: false });
  if (door.data && door.data.status !== "in") return <Redirect to="/eleve" replace />;
  if (door.data && found.data) return <Loaded school={school} lesson={lesson} title={found.data.title} door={door.data} />;
  const error = door.error ?? found.error;
  return (
    <main className="hall hall-middle">
      <h1>{t("lesson")}</h1>
      {error ? (
        <>
          {["forbidden", "not_found"].includes(problemOf(error).kind) ? <p>{t("not_yours_tu")}</p> : <ErrorState error={error} onRetry={() => void (door.error ? door.refetch() : found.refetch())} />}
          <LinkButton href="/eleve" big>
            {t("to_my_page")}
          </LinkButton>
        </>
      ) : (
        <Skeleton rows={3} />
      )}
    </main>
  );
}
