import { useQuery } from "@tanstack/react-query";
import { deskQuery, standingQuery } from "./api";
import { moderates, reviews } from "./place";

/** What waits in the journal for whoever reviews or moderates; nothing for the others. */
export function useWaiting(school: string): { pieces: number; contributions: number; replies: number } | null {
  const me = useQuery({ ...standingQuery(school), retry: false });
  const mine = me.data?.slug !== undefined && (reviews(me.data) || moderates(me.data));
  const desk = useQuery({ ...deskQuery(school), enabled: mine });
  if (!me.data || !desk.data) return null;
  // A lycée's head reviews nothing.
  const reads = me.data.editor || (me.data.head && me.data.regime === "adults");
  return { pieces: reads ? desk.data.pieces : 0, contributions: desk.data.contributions + desk.data.reports, replies: reviews(me.data) ? desk.data.replies : 0 };
}
