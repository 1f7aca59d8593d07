import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, BoxGroup, Button, Checkbox, Dialog, ErrorState, Form, Skeleton, toast } from "@/ui";
import { groupsQuery, type Seat, useChangeSeat } from "./api";
import { inSchoolOrder } from "./order";

/** The groups of one seat. At least one. */
export function SeatGroupsDialog({ school, seat, name, onClose }: { school: string; seat: Seat; name: string; onClose: () => void }) {
  const t = useT("groups");
  const groups = useQuery(groupsQuery(school, seat.yearId));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(seat.groups ?? []));
  const change = useChangeSeat(school);
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  const rows = inSchoolOrder((groups.data ?? []).filter((g) => g.archivedAt === undefined || chosen.has(g.id)));
  return (
    <Dialog title={t("groups_of", { name })} open onClose={onClose}>
      {groups.isLoadingError ? (
        <ErrorState error={groups.error} onRetry={() => void groups.refetch()} />
      ) : groups.isPending ? (
        <Skeleton rows={5} />
      ) : (
        <Form
          error={change.error}
          onSubmit={() =>
            change.mutate(
              { seat: seat.id, groups: [...chosen] },
              {
                onSuccess: () => {
                  toast(t("groups_changed"));
                  onClose();
                },
              },
            )
          }
        >
          <BoxGroup label={t("title")} labelHidden required>
            {rows.map((group) => (
              <Checkbox key={group.id} checked={chosen.has(group.id)} onChange={(on) => toggle(group.id, on)} detail={group.level}>
                {group.name}
              </Checkbox>
            ))}
          </BoxGroup>
          <Actions>
            <Button type="submit" tone="main" pending={change.isPending}>
              {t("save")}
            </Button>
            <Button onPress={onClose}>{t("cancel")}</Button>
          </Actions>
        </Form>
      )}
    </Dialog>
  );
}
