import { useQuery } from "@tanstack/react-query";
import { ChevronLeft } from "lucide-react";
import { Redirect } from "wouter";
import { whereAmI } from "@/features/door/api";
import { Mark } from "@/features/session/Mark";
import { useT } from "@/i18n";
import { ErrorState, LinkButton, OfflineBanner, SkipLink, Skeleton } from "@/ui";
import { JournalRoutes } from "./JournalRoutes";
import { Place } from "./place";
import "@/features/door/door.css";
import "./journal.css";

const none: readonly [] = [];

/** The journal's pages for a pupil who is in: bigger, with the way back in its corner. */
export default function PupilJournal() {
  const t = useT("desk");
  const door = useQuery({ queryKey: ["door"], queryFn: ({ signal }) => whereAmI(signal), staleTime: 0, refetchInterval: 30_000, gcTime: 0 });
  if (door.data && (door.data.status !== "in" || !door.data.seat)) return <Redirect to="/eleve" replace />;
  return (
    <div className="pupil-desk">
      <SkipLink />
      <header className="child-top no-print">
        <span className="child-name">
          <Mark size={32} />
          Préau
        </span>
        <LinkButton href="/eleve" tone="quiet" icon={<ChevronLeft aria-hidden size={20} />}>
          {t("to_my_page")}
        </LinkButton>
      </header>
      <OfflineBanner />
      <main id="contenu" tabIndex={-1}>
        {door.data?.seat ? (
          <Place school={door.data.seat.schoolId} as="seat" tu="_tu" base="/eleve/redaction" groups={door.data.groups ?? none}>
            <JournalRoutes />
          </Place>
        ) : (
          <div className="page">{door.error ? <ErrorState error={door.error} onRetry={() => void door.refetch()} /> : <Skeleton rows={4} />}</div>
        )}
      </main>
    </div>
  );
}
