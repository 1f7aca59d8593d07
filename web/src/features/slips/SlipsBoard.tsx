import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useState } from "react";
import { flushSync } from "react-dom";
import { useT } from "@/i18n";
import { Actions, Button, Card, Checkbox, ConfirmDialog, Empty, ErrorState, Form, LinkButton, Notice, Page, Progress, Skeleton, Table, TextField } from "@/ui";
import { schoolQuery } from "../school/api";
import type { Rights } from "../session/rights";
import { SeatPicture } from "../pseudonyms/SeatPicture";
import { replaceSlip } from "./change";
import { SlipSheet } from "./SlipSheet";
import { SpareDialog } from "./SpareDialog";
import { drawSpares, type Spare, SpareSheet } from "./SpareSheet";
import { SwapDialog } from "./SwapDialog";
import { useSlips, type SlipSeat } from "./useSlips";

interface SlipsBoardProps {
  schoolId: string;
  groupId: string;
  rights: Pick<Rights, "manages" | "teaches">;
}

/** The slips of a group: which to print, one again, one replaced, two exchanged. */
export function SlipsBoard({ schoolId, groupId, rights }: SlipsBoardProps) {
  const t = useT("slips");
  const queries = useQueryClient();
  const { group, seats, names, error, pending, refetch } = useSlips(schoolId, groupId);
  const school = useQuery(schoolQuery(schoolId));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [withNames, setWithNames] = useState(true);
  const [only, setOnly] = useState<string | null>(null);
  const [replacing, setReplacing] = useState<SlipSeat | null>(null);
  const [swapping, setSwapping] = useState(false);
  const [done, setDone] = useState("");
  const [spares, setSpares] = useState<readonly Spare[] | null>(null);
  const [attaching, setAttaching] = useState(false);

  const printable = seats.filter((s) => s.slip !== null);
  const chosen = printable.filter((s) => (only === null ? !left.has(s.seat.id) : s.seat.id === only));
  const unnamed = seats.filter((s) => s.name === null).length;
  const missing = seats.filter((s) => s.slip === null && s.name !== null && names.secret(s.seat.id) === null).length;
  const ready = names.status === "ready" && names.progress === null;

  const print = (seatId: string | null) => {
    flushSync(() => setOnly(seatId));
    void printWhenDrawn().finally(() => setOnly(null));
  };
  // The secrets of spares are gone once they are printed.
  const printSpares = async (count: number) => {
    const drawn = await drawSpares(count, group?.code ?? "", window.location.origin);
    flushSync(() => setSpares(drawn));
    await printWhenDrawn().finally(() => setSpares(null));
  };
  const replace = async (one: SlipSeat) => {
    await replaceSlip(schoolId, one.seat.id, names);
    setDone(t("replaced", { pseudonym: one.seat.pseudonym }));
    void queries.invalidateQueries({ queryKey: ["school", schoolId] });
  };

  if (pending) return <Skeleton rows={8} />;
  if (error || !group) return <ErrorState error={error} onRetry={refetch} />;
  const mayReplace = rights.teaches(group.id, group.yearId);
  return (
    <Page
      title={t("title", { group: group.name })}
      intro={t("intro")}
      back={{ href: `/groupes/${groupId}`, label: t("back") }}
      action={
        ready && printable.length > 0 ? (
          <Button tone="main" icon={<Printer aria-hidden size={18} />} onPress={() => print(null)} disabled={chosen.length === 0}>
            {t("print", { count: chosen.length })}
          </Button>
        ) : undefined
      }
    >
      {seats.length === 0 && (
        <Empty title={t("no_seats")} action={rights.manages ? <LinkButton href="/groupes/importer">{t("import")}</LinkButton> : undefined} />
      )}
      {seats.length > 0 && names.status !== "ready" && names.status !== "loading" && (
        <Notice tone="sun" title={t("locked_title")} action={<LinkButton href={`/noms?retour=/groupes/${groupId}/fiches`}>{t("names_open")}</LinkButton>}>
          {t("locked_text")}
        </Notice>
      )}
      {names.progress && <Progress label={t("names_loading")} done={names.progress.done} total={names.progress.total} />}
      {names.view.problem !== null && <ErrorState error={names.view.problem} onRetry={() => void names.school.reload([groupId])} />}
      {ready && seats.length > 0 && (
        <>
          {unnamed > 0 && (
            <Notice tone="sun" action={<LinkButton href={`/noms?retour=/groupes/${groupId}/fiches`}>{t("names_open")}</LinkButton>}>
              {t("unnamed", { count: unnamed })}
            </Notice>
          )}
          {done && (
            <Notice key={done} tone="sun" alert>
              {done}
            </Notice>
          )}
          {missing > 0 && <Notice tone="sun">{t("missing", { count: missing })}</Notice>}
          <Card
            title={t("choose")}
            intro={t("print_help")}
            action={rights.manages && printable.length > 1 ? <Button onPress={() => setSwapping(true)}>{t("swap")}</Button> : undefined}
          >
            <Checkbox checked={withNames} onChange={setWithNames}>
              {t("with_names")}
            </Checkbox>
            <p role="status">{t("chosen", { count: chosen.length })}</p>
            <Table
              label={t("choose")}
              rows={seats}
              rowId={(s) => s.seat.id}
              rowName={(s) => s.seat.pseudonym}
              selected={new Set(printable.filter((s) => !left.has(s.seat.id)).map((s) => s.seat.id))}
              onSelect={(selected) => setLeft(new Set(seats.filter((s) => !selected.has(s.seat.id)).map((s) => s.seat.id)))}
              columns={[
                { id: "name", head: t("col_name"), main: true, cell: (s) => (s.name ? `${s.name.last} ${s.name.first}` : t("no_name")) },
                { id: "number", head: t("col_number"), cell: (s) => s.number },
                {
                  id: "pseudonym",
                  head: t("col_pseudonym"),
                  cell: (s) => (
                    <span className="slips-who">
                      <SeatPicture picture={s.seat.picture} size={32} />
                      {s.seat.pseudonym}
                    </span>
                  ),
                },
                {
                  id: "acts",
                  head: t("col_acts"),
                  headHidden: true,
                  end: true,
                  cell: (s) => (
                    <span className="slips-acts">
                      {s.slip ? (
                        <Button tone="quiet" label={t("reprint_of", { pseudonym: s.seat.pseudonym })} onPress={() => print(s.seat.id)}>
                          {t("reprint")}
                        </Button>
                      ) : (
                        <span>{t("no_link")}</span>
                      )}
                      {s.name && mayReplace && (
                        <Button tone="quiet" label={t("replace_of", { pseudonym: s.seat.pseudonym })} onPress={() => setReplacing(s)}>
                          {t("replace")}
                        </Button>
                      )}
                    </span>
                  ),
                },
              ]}
            />
          </Card>
          {mayReplace && (
            <Card title={t("spares")} intro={t("spares_text")} action={<Button onPress={() => setAttaching(true)}>{t("spare_attach")}</Button>}>
              <Form
                onSubmit={(data) => {
                  const count = Number(data.get("count"));
                  if (!Number.isInteger(count) || count < 1 || count > 24) return { count: t("spares_bad") };
                  void printSpares(count);
                  return undefined;
                }}
              >
                <TextField label={t("spares_count")} name="count" inputMode="numeric" defaultValue="4" required maxLength={2} />
                <Actions>
                  <Button type="submit">{t("spares_print")}</Button>
                </Actions>
              </Form>
            </Card>
          )}
          {spares ? <SpareSheet spares={spares} school={school.data?.name} group={group.name} /> : <SlipSheet school={school.data?.name} slips={chosen.flatMap((s) => (s.slip ? [s.slip] : []))} group={group.name} withNames={withNames} />}
        </>
      )}
      <ConfirmDialog
        title={t("replace_title", { pseudonym: replacing?.seat.pseudonym ?? "" })}
        action={t("replace_do")}
        danger
        open={replacing !== null}
        onClose={() => setReplacing(null)}
        onConfirm={() => (replacing ? replace(replacing) : Promise.resolve())}
      >
        <p>{t("replace_text")}</p>
      </ConfirmDialog>
      <SpareDialog
        schoolId={schoolId}
        open={attaching}
        onClose={() => setAttaching(false)}
        seats={seats.filter((s) => s.name !== null)}
        names={names}
        onDone={(what) => {
          setDone(what);
          void queries.invalidateQueries({ queryKey: ["school", schoolId] });
        }}
      />
      <SwapDialog
        schoolId={schoolId}
        open={swapping}
        onClose={() => setSwapping(false)}
        seats={printable}
        names={names}
        onDone={(what) => {
          setDone(what);
          void queries.invalidateQueries({ queryKey: ["school", schoolId] });
        }}
      />
    </Page>
  );
}

/** The longest that printing waits for pictures, in milliseconds. */
const PICTURES = 3000;

/** Opens the print window once the pictures of the sheet are there. */
async function printWhenDrawn(): Promise<void> {
  const pictures = [...document.querySelectorAll<HTMLImageElement>(".slips-sheet img")];
  const drawn = Promise.allSettled(pictures.map((picture) => picture.decode()));
  await Promise.race([drawn, new Promise((resume) => setTimeout(resume, PICTURES))]);
  window.print();
}
