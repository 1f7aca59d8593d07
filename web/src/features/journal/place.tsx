import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type Format, useFormat, useT } from "@/i18n";
import { ErrorState, Page, Skeleton } from "@/ui";
import { type Standing, standingQuery } from "./api";

/** Who writes or reviews, where: given to every page of the journal, for a colleague as for a pupil. */
export type JournalPlace = {
  school: string;
  /** The school's time zone; a pupil's page has the browser's. */
  zone?: string;
  me: Standing;
  as: "staff" | "seat";
  /** The suffix of the texts that speak to a pupil. */
  tu: "" | "_tu";
  /** Where the pages of the journal begin. */
  base: "/redaction" | "/eleve/redaction";
  /** The groups that a piece may be for. */
  groups: readonly { id: string; name: string }[];
};

const PlaceContext = createContext<JournalPlace | null>(null);

/** Who writes, for pages of the journal. */
export function usePlace(): JournalPlace {
  const place = useContext(PlaceContext);
  if (!place) throw new Error("usePlace is for pages of the journal");
  return place;
}

/** Dates and numbers in the school's zone. */
export function usePlaceFormat(): Format {
  return useFormat(usePlace().zone);
}

/** Whether somebody sees what waits for a review. */
export const reviews = (me: Standing) => me.editor || me.head || me.board;
/** Whether somebody sorts contributions and reports. */
export const moderates = (me: Standing) => me.moderator || me.editor || me.head;
/** Whether somebody answers the right of reply. */
export const answers = reviews;

/** Asks who one is for the journal, and gives it to the page. */
export function Place({ children, ...given }: Omit<JournalPlace, "me"> & { children: ReactNode }) {
  const t = useT("desk");
  const me = useQuery(standingQuery(given.school));
  const { school, zone, as, tu, base, groups } = given;
  const value = useMemo(() => (me.data ? { school, zone, as, tu, base, groups, me: me.data } : null), [me.data, school, zone, as, tu, base, groups]);
  if (value) return <PlaceContext value={value}>{children}</PlaceContext>;
  return <Page title={t("title")}>{me.error ? <ErrorState error={me.error} onRetry={() => void me.refetch()} /> : <Skeleton rows={4} />}</Page>;
}
