import { useMemo, useState } from "react";
import { useT } from "@/i18n";
import { announce, Button, Card, Table, TextField, useSpoken } from "@/ui";
import { SeatPicture } from "../pseudonyms/SeatPicture";
import { fold } from "./fold";
import { refsOf, type GroupPlan } from "./groupPlan";
import type { JourneyActs } from "./journey";
import type { Pupil } from "./pupils";
import { StepActions } from "./StepActions";

/** The fifth step: the pseudonym of each pupil who arrives; one that does not suit is drawn again. */
export function PseudonymsStep({ acts, arrivals, plan }: { acts: JourneyActs; arrivals: readonly Pupil[]; plan: GroupPlan }) {
  const t = useT("import");
  const [search, setSearch] = useState("");
  const { journey, change } = acts;
  const names = useMemo(() => new Map(plan.groups.map((g) => [g.ref, g.name])), [plan]);
  const wanted = fold(search);
  const rows = wanted === "" ? arrivals : arrivals.filter((p) => fold(`${p.last} ${p.first} ${journey.drawn.get(p.line)?.text ?? ""}`).includes(wanted));
  const redraw = (pupil: Pupil) => {
    const before = journey.drawn.get(pupil.line);
    if (!before || !journey.drawer) return;
    const after = journey.drawer.redraw({ pseudonym: before.text, picture: before.picture, groups: refsOf(pupil, plan) });
    change({ drawn: new Map([...journey.drawn, [pupil.line, after]]), job: null });
    announce(t("redrawn", { pseudonym: after.text }));
  };
  useSpoken(wanted === "" ? "" : t("pupils", { count: rows.length }));
  return (
    <>
      <Card intro={t("pseudonyms_help")}>
        <TextField type="search" label={t("search")} value={search} onChange={setSearch} autoComplete="off" />
        <Table
          label={t("step_pseudonyms")}
          rows={rows}
          rowId={(p) => String(p.line)}
          page={50}
          columns={[
            { id: "name", head: t("col_pupil"), main: true, cell: (p) => `${p.last} ${p.first}` },
            {
              id: "groups",
              head: t("col_groups"),
              cell: (p) =>
                refsOf(p, plan)
                  .map((r) => names.get(r))
                  .join(", ") || t("no_group"),
            },
            {
              id: "pseudonym",
              head: t("col_pseudonym"),
              cell: (p) => {
                const drawn = journey.drawn.get(p.line);
                return drawn ? (
                  <span className="import-pseudonym">
                    <SeatPicture picture={drawn.picture} size={36} />
                    {drawn.text}
                  </span>
                ) : null;
              },
            },
            {
              id: "redraw",
              head: t("redraw"),
              headHidden: true,
              end: true,
              cell: (p) => (
                <Button tone="quiet" label={t("redraw_of", { pseudonym: journey.drawn.get(p.line)?.text ?? "" })} onPress={() => redraw(p)}>
                  {t("redraw")}
                </Button>
              ),
            },
          ]}
        />
      </Card>
      <StepActions acts={acts} next={t("next")} to="send" back="compare" />
    </>
  );
}
