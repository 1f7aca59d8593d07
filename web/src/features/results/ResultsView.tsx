import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { type Campaign, type Results, resultsQuery, type SeatResult } from "@/features/campaigns/api";
import type { Seat } from "@/features/groups/api";
import type { At } from "@/features/invigilation/RoomView";
import { writeCsv } from "@/features/lesson/list/csv";
import { NamesLine, SeatName } from "@/features/names/SeatName";
import { type Names, useLoadedNames } from "@/features/names/useNames";
import { download } from "@/features/privacy/download";
import { useFormat, useT } from "@/i18n";
import { Button, Card, Checkbox, type Column, Dialog, Empty, ErrorState, Notice, PrintButton, Skeleton, Table } from "@/ui";
import { Bar } from "./Bar";
import { FamilyPage, FamilyPages } from "./FamilyPages";
import { band, skillWords } from "./words";
import "./results.css";

const percent = (share: number) => Math.round(share * 100);

/** Results of a group: by skill, by question, and each pupil's sheet. */
export function ResultsView({ at, campaign, seats }: { at: At; campaign: Campaign; seats: readonly Seat[] }) {
  const t = useT("results");
  const [first, setFirst] = useState(false);
  const results = useQuery(resultsQuery(at.school, at.campaign, at.group, first));
  const names = useLoadedNames(at.school, [at.group]);
  const [sheet, setSheet] = useState<SeatResult | null>(null);
  if (!results.data) return results.error ? <ErrorState error={results.error} onRetry={() => void results.refetch()} /> : <Skeleton rows={8} />;
  const data = results.data;
  const finished = data.seats.filter((s) => s.finished && !s.mark);
  const seatOf = (id: string) => seats.find((s) => s.id === id);
  if (!data.seats.some((s) => Object.keys(s.questions).length > 0)) {
    return <Empty title={t("none_title")}>{t("none_text")}</Empty>;
  }
  return (
    <>
      <NamesLine names={names} />
      {campaign.packageId !== campaign.takenId && (
        <Notice tone="sun">
          {t("corrected")}
          <Checkbox checked={first} onChange={setFirst}>
            {t("as_before")}
          </Checkbox>
        </Notice>
      )}
      <p>{t("count", { finished: finished.length, all: data.seats.length })}</p>
      <div>
        <FamilyPages data={data} campaign={campaign} names={names} seatOf={seatOf} />
      </div>
      <Skills data={data} />
      <Needs data={data} names={names} seatOf={seatOf} />
      <Questions data={data} />
      <Pupils at={at} data={data} names={names} seatOf={seatOf} title={campaign.title} onSheet={setSheet} />
      {sheet && <Sheet one={sheet} seat={seatOf(sheet.seat)} campaign={campaign} names={names} onClose={() => setSheet(null)} />}
    </>
  );
}

function Skills({ data }: { data: Results }) {
  const t = useT("results");
  if (data.skills.length === 0) return null;
  return (
    <Card title={t("by_skill")} intro={t("uncertainty")}>
      <ul className="bars">
        {data.skills.map((s) => (
          <li key={s.skill}>
            <span className="bars-name">{skillWords(s.skill)}</span>
            <Bar {...s} />
            <span className="bars-figure">{t("share", { mean: percent(s.mean), low: percent(s.low), high: percent(s.high) })}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Who needs what: for each skill, the pupils below the threshold. */
function Needs({ data, names, seatOf }: { data: Results; names: Names; seatOf: (id: string) => Seat | undefined }) {
  const t = useT("results");
  const label = (id: string) => {
    const name = names.name(id);
    return name ? `${name.first} ${name.last}` : (seatOf(id)?.pseudonym ?? "");
  };
  const groups = data.skills
    .map((s) => ({ skill: s.skill, who: data.seats.filter((one) => one.finished && band(one.skills[s.skill]) === "fragile").map((one) => label(one.seat)) }))
    .filter((g) => g.who.length > 0);
  if (groups.length === 0) return null;
  return (
    <Card title={t("needs")} intro={t("needs_text")}>
      <dl className="needs">
        {groups.map((g) => (
          <div key={g.skill}>
            <dt>{skillWords(g.skill)}</dt>
            <dd translate="no">{g.who.join(", ")}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Questions({ data }: { data: Results }) {
  const t = useT("results");
  const rows = data.questions.filter((q) => q.given > 0);
  if (rows.length === 0) return null;
  const columns: Column<(typeof rows)[number]>[] = [
    { id: "title", head: t("question"), main: true, cell: (q) => q.title },
    { id: "skill", head: t("skill"), cell: (q) => q.skills.map(skillWords).join(", ") },
    { id: "bar", head: t("right"), cell: (q) => <Bar mean={q.full / q.given} low={q.low} high={q.high} /> },
    { id: "full", head: t("right_count"), end: true, cell: (q) => t("of", { count: q.full, all: q.given }) },
    { id: "none", head: t("no_answer"), end: true, cell: (q) => q.given - q.answered },
  ];
  return (
    <Card title={t("by_question")}>
      <Table label={t("by_question")} rows={rows} columns={columns} rowId={(q) => q.key} rowName={(q) => q.title} />
    </Card>
  );
}

function Pupils({ at, data, names, seatOf, title, onSheet }: { at: At; data: Results; names: Names; seatOf: (id: string) => Seat | undefined; title: string; onSheet: (one: SeatResult) => void }) {
  const t = useT("results");
  const format = useFormat();
  const rows = data.seats.filter((s) => seatOf(s.seat));
  const save = () => {
    const skills = data.skills.map((s) => s.skill);
    const aloud = data.seats.some((s) => s.reading);
    const head = [t("last"), t("first_name"), t("pseudonym"), t("seat"), t("state"), t("points"), t("most"), ...skills.map(skillWords), ...data.questions.map((q) => q.key), ...(aloud ? [t("words_minute")] : [])];
    const lines = rows.map((one) => {
      const seat = seatOf(one.seat);
      const name = names.name(one.seat);
      const points = (score: { score: number } | undefined) => (score === undefined ? "" : String(score.score).replace(".", ","));
      return [
        name?.last ?? "", name?.first ?? "", seat?.pseudonym ?? "", String(seat?.number ?? ""), t(one.finished ? "finished" : "unfinished"), points(one.total), String(one.total.max).replace(".", ","),
        ...skills.map((s) => points(one.skills[s])), ...data.questions.map((q) => (one.questions[q.key] && !one.answered.includes(q.key) ? t("nr") : points(one.questions[q.key]))), ...(aloud ? [one.reading ? String(Math.round(one.reading.perMinute * 10) / 10).replace(".", ",") : ""] : []),
      ];
    });
    download(`${title.replace(/[^\p{L}\p{N} -]/gu, " ").trim()}.csv`, "text/csv;charset=utf-8", writeCsv([head, ...lines]));
  };
  const columns: Column<SeatResult>[] = [
    { id: "who", head: t("pupil"), main: true, cell: (s) => { const seat = seatOf(s.seat); return seat ? <SeatName seat={seat} /> : ""; } },
    { id: "state", head: t("state"), cell: (s) => t(s.finished ? "finished" : Object.keys(s.questions).length > 0 ? "unfinished" : "not_begun") },
    { id: "total", head: t("points"), end: true, cell: (s) => (s.finished ? t("of_points", { score: format.number(s.total.score), max: format.number(s.total.max) }) : "") },
    { id: "sheet", head: t("sheet"), headHidden: true, cell: (s) => (s.finished ? <Button label={t("sheet_of", { who: seatOf(s.seat)?.pseudonym ?? "" })} onPress={() => onSheet(s)}>{t("sheet")}</Button> : null) },
  ];
  return (
    <Card
      title={t("by_pupil")}
      intro={t("by_pupil_text")}
      action={
        <Button icon={<Download aria-hidden size={18} />} onPress={save}>
          {t("download")}
        </Button>
      }
    >
      <p className="results-files">
        {t("without_names")}{" "}
        {(["ods", "zip"] as const).map((kind) => (
          <a key={kind} href={`/api/v1/schools/${at.school}/campaigns/${at.campaign}/groups/${at.group}/export/resultats.${kind}`} download>
            {t(`file_${kind}`)}
          </a>
        ))}
      </p>
      <Table label={t("by_pupil")} rows={rows} columns={columns} rowId={(s) => s.seat} rowName={(s) => seatOf(s.seat)?.pseudonym ?? ""} />
    </Card>
  );
}

/** One printed page for a family, in plain words. */
function Sheet({ one, seat, campaign, names, onClose }: { one: SeatResult; seat: Seat | undefined; campaign: Campaign; names: Names; onClose: () => void }) {
  const t = useT("results");
  const name = names.name(one.seat);
  const who = name ? `${name.first} ${name.last}` : (seat?.pseudonym ?? "");
  return (
    <Dialog title={t("sheet_title", { who })} open onClose={onClose} full>
      <div className="sheet">
        <FamilyPage one={one} campaign={campaign} />
        <PrintButton word={t("print")} />
      </div>
    </Dialog>
  );
}
