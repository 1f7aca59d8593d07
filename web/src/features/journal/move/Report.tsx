import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, type Column, ConfirmDialog, Form, Notice, RadioGroup, Select, Table, TextField } from "@/ui";
import { journalKey, settingsQuery } from "../api";
import { usePlace, usePlaceFormat } from "../place";
import { dropMove, type Move, type MoveChoice, type MoveLine, type MoveReport, writeMove } from "./moves";

/** How many names are asked about one by one. */
const ASKED = 40;
const widths = ["school", "network", "public"] as const;
const fates = ["waiting", "shown", "none"] as const;

function Facts({ report }: { report: MoveReport }) {
  const t = useT("movers");
  return (
    <ul>
      <li>
        {t("fact_pieces", { count: report.pieces })}, {t("fact_public", { count: report.public })}
      </li>
      {report.already > 0 && <li>{t("fact_already", { count: report.already })}</li>}
      {report.comments > 0 && <li>{t("fact_comments", { count: report.comments })}</li>}
      {report.pictures > 0 && (
        <li>
          {t("fact_pictures", { count: report.pictures })}
          {report.missing > 0 && `, ${t("fact_missing", { count: report.missing })}`}
        </li>
      )}
      {report.undescribed > 0 && <li>{t("fact_undescribed", { count: report.undescribed })}</li>}
      {report.themes.length > 0 && <li>{t("themes_are", { names: report.themes.slice(0, 30).join(", ") })}</li>}
    </ul>
  );
}

/** The pieces of an old site, with what changes in each. */
export function Pieces({ lines }: { lines: readonly MoveLine[] }) {
  const t = useT("movers");
  const format = usePlaceFormat();
  const rows = lines.map((line, at) => ({ ...line, at: line.at ?? 0, id: String(at) }));
  const columns: Column<(typeof rows)[number]>[] = [
    { id: "title", head: t("piece"), main: true, cell: (l) => l.title },
    { id: "date", head: t("date"), cell: (l) => (l.at > 0 ? format.date(l.at) : "") },
    { id: "stands", head: t("stands"), cell: (l) => (l.already ? t("is_already") : t(l.public ? "was_public" : "was_draft")) },
    {
      id: "lost",
      head: t("lost"),
      cell: (l) =>
        l.notes.length === 0 ? (
          t("nothing_lost")
        ) : (
          <ul className="move-notes">
            {l.notes.map((n) => (
              <li key={n.key}>{n.text}</li>
            ))}
          </ul>
        ),
    },
  ];
  return <Table label={t("pieces")} rows={rows} columns={columns} rowId={(l) => l.id} rowName={(l) => l.title} page={50} />;
}

/** What an export holds, and how it is to come in. Nothing is written before. */
export function Report({ move, report, onDropped }: { move: Move; report: MoveReport; onDropped: () => void }) {
  const t = useT("movers");
  const { school } = usePlace();
  const queries = useQueryClient();
  const settings = useQuery(settingsQuery(school));
  const [dropping, setDropping] = useState(false);
  const refresh = () => queries.invalidateQueries({ queryKey: journalKey(school, "moves") });
  const write = useMutation({ mutationFn: (body: MoveChoice) => writeMove(school, move.id, body), onSuccess: refresh });
  const widest = settings.data?.widest ?? "school";
  const allowed = widths.slice(0, Math.max(1, widths.findIndex((w) => w === widest) + 1));
  const asked = report.authors.slice(0, ASKED);
  return (
    <>
      <h3>{report.name ? t("report_of", { name: report.name }) : t("report")}</h3>
      <Facts report={report} />
      <Notice tone="sun" title={t("names_title")}>
        <p>{t("names_text")}</p>
      </Notice>
      {report.left.length > 0 && (
        <>
          <h3>{t("left")}</h3>
          <ul>
            {report.left.map((n) => (
              <li key={n.key}>{n.text}</li>
            ))}
          </ul>
        </>
      )}
      <h3>{t("pieces")}</h3>
      <Pieces lines={report.lines} />
      <h3>{t("how")}</h3>
      <Form
        error={write.error}
        onSubmit={(data) => {
          const text = (name: string) => String(data.get(name) ?? "").trim();
          write.mutate({
            published: text("as") === "published",
            audience: text("audience") as MoveChoice["audience"],
            comments: (text("comments") || "waiting") as MoveChoice["comments"],
            names: asked.map((a, i) => ({ from: a.name, to: text(`name-${i}`) })).filter((n) => n.from !== n.to),
          });
        }}
      >
        {asked.length > 0 && (
          <fieldset className="move-names">
            <legend>{t("signs")}</legend>
            {asked.map((a, i) => (
              <TextField key={a.name} label={a.name} name={`name-${i}`} optional maxLength={40} defaultValue={a.name} help={t("signs_help", { count: a.pieces })} wide />
            ))}
            {report.authors.length > ASKED && <p>{t("signs_more", { count: report.authors.length - ASKED })}</p>}
          </fieldset>
        )}
        {move.publish ? (
          <RadioGroup
            label={t("as")}
            name="as"
            defaultValue="drafts"
            options={[
              { id: "drafts", label: t("as_drafts"), detail: t("as_drafts_detail") },
              { id: "published", label: t("as_published"), detail: t("as_published_detail") },
            ]}
          />
        ) : (
          <Notice>{t("only_drafts")}</Notice>
        )}
        <Select label={t("audience")} name="audience" required defaultValue="school" options={allowed.map((id) => ({ id, label: t(`audience_${id}`) }))} wide />
        {report.comments > 0 && <RadioGroup label={t("comments")} name="comments" defaultValue="waiting" options={fates.map((id) => ({ id, label: t(`comments_${id}`) }))} />}
        <Actions>
          <Button type="submit" tone="main" pending={write.isPending}>
            {t("write")}
          </Button>
          <Button onPress={() => setDropping(true)}>{t("drop")}</Button>
        </Actions>
      </Form>
      <ConfirmDialog
        title={t("drop")}
        action={t("drop")}
        danger
        open={dropping}
        onClose={() => setDropping(false)}
        onConfirm={async () => {
          await dropMove(school, move.id);
          onDropped();
          await refresh();
        }}
      >
        <p>{t("drop_text")}</p>
      </ConfirmDialog>
    </>
  );
}
