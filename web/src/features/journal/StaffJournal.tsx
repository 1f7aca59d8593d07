import { useQuery } from "@tanstack/react-query";
import { groupsQuery } from "@/features/groups/api";
import { useWork } from "@/features/session/school";
import { JournalRoutes } from "./JournalRoutes";
import { Place } from "./place";

const none: readonly [] = [];

/** The journal's pages for staff, in their shell. */
export default function StaffJournal() {
  const { school } = useWork();
  const groups = useQuery(groupsQuery(school.id));
  return (
    <Place school={school.id} zone={school.zone} as="staff" tu="" base="/redaction" groups={groups.data ?? none}>
      <JournalRoutes />
    </Place>
  );
}
