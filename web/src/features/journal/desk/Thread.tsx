import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, ErrorState, Form, Skeleton, TextArea } from "@/ui";
import { journalKey, type Note, sayInThread, threadQuery } from "../api";
import { usePlace, usePlaceFormat } from "../place";

function Said({ note }: { note: Note }) {
  const t = useT("desk");
  const format = usePlaceFormat();
  return (
    <li className={`note note-${note.kind}`}>
      <p className="note-head">
        <strong translate="no">{note.penName || t("nobody")}</strong> <span>{format.moment(note.at)}</span>
        {note.act && <span className="note-act">{t(`did_${note.act}`)}</span>}
      </p>
      {note.text && <p className="note-text">{note.text}</p>}
    </li>
  );
}

/** What authors and reviewers say to each other about a piece: readers never see it. */
export function Thread({ piece }: { piece: string }) {
  const t = useT("desk");
  const { school, tu, me } = usePlace();
  const queries = useQueryClient();
  const [round, setRound] = useState(0);
  const notes = useQuery({ ...threadQuery(school, piece), refetchInterval: 20_000 });
  const say = useMutation({
    mutationFn: (text: string) => sayInThread(school, piece, text),
    onSuccess: async () => {
      setRound(round + 1);
      await queries.invalidateQueries({ queryKey: journalKey(school, "piece", piece, "thread") });
    },
  });
  return (
    <>
      <p className="card-intro">{t(`thread_help${tu}`)}</p>
      {!notes.data ? (
        notes.error ? <ErrorState error={notes.error} onRetry={() => void notes.refetch()} /> : <Skeleton rows={3} />
      ) : notes.data.length === 0 ? (
        <p>{t("thread_none")}</p>
      ) : (
        <ol className="thread">
          {notes.data.map((note) => (
            <Said key={note.id} note={note} />
          ))}
        </ol>
      )}
      {me.author && (
        <Form key={round} onSubmit={(data) => say.mutate(String(data.get("text") ?? ""))} error={say.error} label={t("thread_say")}>
          <TextArea label={t("thread_say")} name="text" required rows={3} maxLength={4000} wide />
          <Actions>
            <Button type="submit" pending={say.isPending}>
              {t("thread_send")}
            </Button>
          </Actions>
        </Form>
      )}
    </>
  );
}
