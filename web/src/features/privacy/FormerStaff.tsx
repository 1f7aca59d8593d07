import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "@/i18n";
import { type Column, ErrorState, ProblemNotice, Skeleton, Table } from "@/ui";
import { exportStaff, type Former, formerStaffQuery, useEraseStaff } from "./api";
import { EraseDialog } from "./EraseDialog";
import { ExportDone } from "./ExportDone";
import { PersonActs } from "./PersonActs";
import { usePersonExport } from "./usePersonExport";

/** Accounts without any role left: the only ones of staff that can be erased. */
export function FormerStaff({ school }: { school: string }) {
  const t = useT("privacy");
  const former = useQuery(formerStaffQuery(school));
  const erase = useEraseStaff(school);
  const exporting = usePersonExport();
  const [asked, setAsked] = useState<Former | null>(null);
  if (former.error) return <ErrorState error={former.error} onRetry={() => void former.refetch()} />;
  if (!former.data) return <Skeleton rows={3} />;
  if (former.data.length === 0) return <p>{t("former_none")}</p>;
  const columns: Column<Former>[] = [
    { id: "name", head: t("col_name"), main: true, cell: (person) => person.name },
    { id: "email", head: t("col_email"), cell: (person) => person.email },
    {
      id: "acts",
      head: t("col_actions"),
      headHidden: true,
      end: true,
      cell: (person) => (
        <PersonActs
          who={person.name}
          pending={exporting.isPending && exporting.variables.label === person.id}
          onExport={() => exporting.mutate({ label: person.id, name: null, read: () => exportStaff(school, person.id) })}
          onErase={() => setAsked(person)}
        />
      ),
    },
  ];
  return (
    <>
      {exporting.error && <ProblemNotice problem={exporting.error} />}
      <ExportDone done={exporting.isSuccess} />
      <Table label={t("found")} rows={former.data} columns={columns} rowId={(person) => person.id} rowName={(person) => person.name} />
      {asked && (
        <EraseDialog
          text={t("erase_staff_text", { name: asked.name })}
          ask={t("erase_type_email", { email: asked.email })}
          wanted={asked.email}
          onErase={(reason) => erase.mutateAsync({ id: asked.id, reason })}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
