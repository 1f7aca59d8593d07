import { useQuery } from "@tanstack/react-query";
import { useT } from "@/i18n";
import { collectivesQuery, themesQuery } from "../api";
import { usePlace, usePlaceFormat } from "../place";
import type { InWords } from "./diff";

/** The words of what is kept by its id: themes, collectives, groups, audiences. */
export function useInWords(): InWords {
  const t = useT("desk");
  const { school, groups } = usePlace();
  const format = usePlaceFormat();
  const themes = useQuery(themesQuery(school));
  const collectives = useQuery(collectivesQuery(school));
  return {
    audience: ({ audience, group }) => t("seen_by", { audience: audience === "group" ? (groups.find((g) => g.id === group)?.name ?? t("audience_group")) : t(`audience_${audience}`) }),
    theme: (id) => themes.data?.find((theme) => theme.id === id)?.name ?? "…",
    collective: (id) => collectives.data?.find((c) => c.id === id)?.name ?? "…",
    moment: format.moment,
    document: (count) => t("document_number", { count }),
  };
}
