import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { groupQuery } from "@/features/groups/api";
import { useNames } from "@/features/names/useNames";
import { useT } from "@/i18n";
import { ComboBox, ErrorState, Select, Skeleton } from "@/ui";
import { usePlace } from "../place";

/** One seat, by its group: under its name where this browser can read it, else under its pseudonym. */
export function SeatChoice({ name, onChange }: { name: string; onChange: (seat: string | null) => void }) {
  const t = useT("desk");
  const { school, groups } = usePlace();
  const names = useNames(school);
  const [chosen, setChosen] = useState<string | null>(null);
  const group = chosen ?? groups[0]?.id ?? null;
  const found = useQuery({ ...groupQuery(school, group ?? ""), enabled: group !== null });
  const seats = (found.data?.seats ?? []).map((seat) => {
    const known = names.name(seat.id);
    return { id: seat.id, label: known ? `${known.first} ${known.last} (${seat.pseudonym})` : seat.pseudonym };
  });
  const error = found.error;
  if (groups.length === 0) return <p>{t("no_groups")}</p>;
  return (
    <>
      <Select label={t("group")} value={group} options={groups.map((g) => ({ id: g.id, label: g.name }))} onChange={(id) => (setChosen(id), onChange(null))} wide />
      {found.data ? (
        <ComboBox key={group} label={t("pupil")} name={name} required options={seats} onChange={onChange} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void found.refetch()} />
      ) : (
        <Skeleton rows={1} />
      )}
    </>
  );
}
