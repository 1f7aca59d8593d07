import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { useT } from "@/i18n";
import { Actions, Button, Card, ErrorState, FileDrop, Notice, ProblemNotice, Progress, Skeleton, announce } from "@/ui";
import { journalKey } from "../api";
import { usePlace } from "../place";
import { Pieces, Report } from "./Report";
import { type MoveMade, moveQuery, movesQuery, sendMove } from "./moves";

const exports = [".xml", ".gz", ".atom", ".rss", ".sqlite", ".zip"] as const;

/** Chooses what to send, and sends it. */
function Send({ onSent }: { onSent: (id: string) => void }) {
  const t = useT("movers");
  const { school } = usePlace();
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [pictures, setPictures] = useState<File | null>(null);
  const send = useMutation({
    mutationFn: (chosen: File) => sendMove(school, chosen, pictures),
    onSuccess: async (id) => {
      await queries.invalidateQueries({ queryKey: journalKey(school, "moves") });
      onSent(id);
    },
  });
  if (send.isPending) return <p role="status">{t("sending")}</p>;
  return (
    <>
      <p>{t("formats")}</p>
      {send.error && <ProblemNotice problem={send.error} />}
      <FileDrop label={t("export_drop")} action={t("export_choose")} accept={exports} onFile={setFile}>
        {file && <p role="status">{t("chosen", { name: file.name })}</p>}
      </FileDrop>
      <FileDrop label={t("pictures_drop")} action={t("pictures_choose")} accept={[".zip"]} onFile={setPictures}>
        {pictures && <p role="status">{t("chosen", { name: pictures.name })}</p>}
      </FileDrop>
      <Actions>
        <Button tone="main" disabled={!file} onPress={() => file && send.mutate(file)}>
          {t("read")}
        </Button>
      </Actions>
    </>
  );
}

/** What was made of an old site, and where to go on. */
function Made({ made }: { made: MoveMade }) {
  const t = useT("movers");
  const { base, me, school } = usePlace();
  const queries = useQueryClient();
  useEffect(() => void queries.invalidateQueries({ queryKey: journalKey(school, "copy") }), [queries, school]); // there is more to take away
  const lines = [
    t("made_published", { count: made.published }),
    t("made_drafts", { count: made.drafts }),
    ...(made.already > 0 ? [t("made_already", { count: made.already })] : []),
    ...(made.refused > 0 ? [t("made_refused", { count: made.refused })] : []),
    ...(made.comments > 0 ? [t("made_comments", { count: made.comments })] : []),
    ...(made.files > 0 ? [t("made_files", { count: made.files })] : []),
    ...(made.noFiles > 0 ? [t("made_no_files", { count: made.noFiles })] : []),
  ];
  return (
    <Notice tone="tree" title={t("done")}>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        <Link href={`${base}/relecture?etat=moved`}>{t("see_drafts")}</Link>
      </p>
      {made.files > 0 && (
        <p>
          <Link href={`${base}/images`}>{t("see_held")}</Link>
        </p>
      )}
      {me.slug && <p>{t("redirect", { address: `${location.origin}/journal/${me.slug}/ancien/` })}</p>}
    </Notice>
  );
}

function Going({ id, onAgain }: { id: string; onAgain: () => void }) {
  const t = useT("movers");
  const { school } = usePlace();
  const move = useQuery(moveQuery(school, id));
  const at = move.data?.state;
  const before = useRef(at);
  useEffect(() => {
    if (before.current !== undefined && before.current !== at && (at === "read" || at === "done")) announce(t(at === "read" ? "report_ready" : "done"));
    before.current = at;
  }, [at, t]);
  if (!move.data) return move.error ? <ErrorState error={move.error} onRetry={() => void move.refetch()} /> : <Skeleton rows={3} />;
  const { state, report, problem, step, total } = move.data;
  const again = (
    <Actions>
      <Button onPress={onAgain}>{t("again")}</Button>
    </Actions>
  );
  switch (state) {
    case "sent":
    case "reading":
      return <p role="status">{t("reading")}</p>;
    case "writing":
      return total > 0 ? <Progress label={t("writing")} done={step} total={total} /> : <p role="status">{t("waiting_jobs")}</p>;
    case "failed":
      return (
        <>
          <Notice tone="brick" title={t("failed")} alert>
            <p>{problem}</p>
          </Notice>
          {again}
        </>
      );
    case "read":
      return report ? <Report move={move.data} report={report} onDropped={onAgain} /> : null;
    case "done":
      return (
        <>
          {report?.made && <Made made={report.made} />}
          {report && <Pieces lines={report.lines} />}
          {again}
        </>
      );
  }
}

/** An old site on its way in: sent, read, told, then brought as was chosen. */
export function Bring() {
  const t = useT("movers");
  const { school } = usePlace();
  const moves = useQuery(movesQuery(school));
  const [chosen, setChosen] = useState<string | null>(null);
  const last = moves.data?.find((m) => m.state !== "done" && m.state !== "failed" && m.state !== "sent");
  const id = chosen ?? last?.id ?? "";
  return (
    <Card title={t("bring")} intro={t("bring_intro")}>
      {!moves.data ? (
        moves.error ? <ErrorState error={moves.error} onRetry={() => void moves.refetch()} /> : <Skeleton rows={3} />
      ) : id && id !== "new" ? (
        <Going id={id} onAgain={() => setChosen("new")} />
      ) : (
        <Send onSent={setChosen} />
      )}
    </Card>
  );
}
