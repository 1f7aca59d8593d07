import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "@/i18n";
import { ErrorState, Select, Skeleton } from "@/ui";
import { type PieceDetail, revisionQuery, revisionsQuery } from "../api";
import { usePlace, usePlaceFormat } from "../place";
import { compare, linesOf } from "./diff";
import { useInWords } from "./useInWords";

/** Two revisions side by side in one text: what went is struck, what came is underlined, and both are said. */
export function Differences({ piece }: { piece: PieceDetail }) {
  const t = useT("desk");
  const { school } = usePlace();
  const format = usePlaceFormat();
  const revisions = useQuery(revisionsQuery(school, piece.id));
  const [from, setFrom] = useState(piece.liveN ?? Math.max(1, piece.workN - 1));
  const [to, setTo] = useState(piece.workN);
  const before = useQuery(revisionQuery(school, piece.id, from));
  const after = useQuery(revisionQuery(school, piece.id, to));
  const words = useInWords();
  const error = revisions.error ?? before.error ?? after.error;
  if (error) return <ErrorState error={error} onRetry={() => void Promise.all([revisions.refetch(), before.refetch(), after.refetch()])} />;
  if (!revisions.data || !before.data?.content || !after.data?.content) return <Skeleton rows={4} />;
  const options = revisions.data.map((r) => ({ id: String(r.n), label: t(r.publishedAt === undefined ? "revision" : "revision_published", { n: r.n, moment: format.moment(r.savedAt) }) }));
  const lines = compare(linesOf(before.data.content, words), linesOf(after.data.content, words));
  return (
    <>
      <div className="desk-row">
        <Select label={t("compare_from")} value={String(from)} options={options} onChange={(n) => setFrom(Number(n))} />
        <Select label={t("compare_to")} value={String(to)} options={options} onChange={(n) => setTo(Number(n))} />
      </div>
      {lines.every((line) => line.as === "same") ? (
        <p>{t("compare_same")}</p>
      ) : (
        <div className="diff">
          {lines.map((line, i) => (
            <p key={i} className={`diff-${line.as}`}>
              {line.runs.map((run, j) => (run.as === "added" ? <ins key={j}>{run.text}</ins> : run.as === "removed" ? <del key={j}>{run.text}</del> : <span key={j}>{run.text}</span>))}
            </p>
          ))}
        </div>
      )}
    </>
  );
}
