import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowUp, PenLine, UserMinus, UserPlus } from "lucide-react";
import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, ProblemNotice, TextField, toast } from "@/ui";
import { addAuthor, journalKey, orderAuthors, type PieceDetail, removeAuthor, renameAuthor } from "../api";
import { usePlace } from "../place";

/** Gives an author another pen name: readers see it at once. */
function RenameDialog({ author, onClose }: { author: PieceDetail["authors"][number]; onClose: () => void }) {
  const t = useT("desk");
  const { school } = usePlace();
  const queries = useQueryClient();
  const rename = useMutation({
    mutationFn: (name: string) => renameAuthor(school, author.id, name),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: journalKey(school) });
      onClose();
      toast(t("author_renamed"));
    },
  });
  return (
    <Dialog title={t("author_rename_of", { name: author.penName })} open onClose={onClose}>
      <p>{t("author_rename_text")}</p>
      <Form onSubmit={(data) => rename.mutate(String(data.get("penName") ?? "").trim())} error={rename.error}>
        <TextField label={t("pen_name")} name="penName" required minLength={2} maxLength={40} defaultValue={author.penName} autoComplete="off" autoFocus />
        <Actions>
          <Button type="submit" tone="main" pending={rename.isPending}>
            {t("author_rename_do")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

/** Who signs the piece, and who is asked to. */
export function Authors({ piece }: { piece: PieceDetail }) {
  const t = useT("desk");
  const { school, me, tu } = usePlace();
  const queries = useQueryClient();
  const [round, setRound] = useState(0);
  const refresh = () => queries.invalidateQueries({ queryKey: journalKey(school, "piece", piece.id) });
  const add = useMutation({
    mutationFn: (name: string) => addAuthor(school, piece.id, name),
    onSuccess: async (_, name) => {
      await refresh();
      setRound(round + 1);
      toast(t("author_added", { name }));
    },
  });
  const remove = useMutation({ mutationFn: (author: string) => removeAuthor(school, piece.id, author), onSuccess: refresh });
  const order = useMutation({
    mutationFn: (authors: string[]) => orderAuthors(school, piece.id, authors),
    onSuccess: async () => {
      await refresh();
      toast(t("authors_ordered"));
    },
    onError: refresh,
  });
  const [naming, setNaming] = useState<PieceDetail["authors"][number] | null>(null);
  const reviews = me.editor || (me.head && me.regime === "adults");
  // Nothing changes under a reviewer, or in front of readers.
  const open = reviews || (piece.publishedAt === undefined && (piece.status === "draft" || piece.status === "refused"));
  const raise = (at: number) => {
    const ids = piece.authors.map((author) => author.id);
    ids.splice(at - 1, 0, ...ids.splice(at, 1));
    order.mutate(ids);
  };
  return (
    <>
      <ul className="authors">
        {piece.authors.map((author, i) => (
          <li key={author.id} className="desk-row">
            <span>
              <span translate="no">{author.penName || t("nobody")}</span>
              {author.invited && <small> · {t("author_invited")}</small>}
            </span>
            {open && i > 0 && (
              <Button icon={<ArrowUp aria-hidden size={18} />} onPress={() => raise(i)} pending={order.isPending} label={t("author_raise_of", { name: author.penName })}>
                {t("author_raise")}
              </Button>
            )}
            {reviews && author.penName && (
              <Button icon={<PenLine aria-hidden size={18} />} onPress={() => setNaming(author)} label={t("author_rename_of", { name: author.penName })}>
                {t("author_rename")}
              </Button>
            )}
            {open && piece.authors.length > 1 && (author.invited || author.of !== "seat" || author.id === me.author?.id) && (
              <Button icon={<UserMinus aria-hidden size={18} />} onPress={() => remove.mutate(author.id)} pending={remove.isPending && remove.variables === author.id} label={t("author_remove_of", { name: author.penName })}>
                {t("author_remove")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {order.error && <ProblemNotice problem={order.error} />}
      {remove.error && <ProblemNotice problem={remove.error} />}
      {open ? (
        <Form key={round} onSubmit={(data) => add.mutate(String(data.get("penName") ?? "").trim())} error={add.error} label={t("author_add")}>
          <TextField label={t("author_name")} name="penName" required minLength={2} maxLength={40} help={t(`author_help${tu}`)} autoComplete="off" />
          <Actions>
            <Button type="submit" icon={<UserPlus aria-hidden size={18} />} pending={add.isPending}>
              {t("author_add")}
            </Button>
          </Actions>
        </Form>
      ) : (
        <p className="card-intro">{t("authors_closed")}</p>
      )}
      {naming && <RenameDialog author={naming} onClose={() => setNaming(null)} />}
    </>
  );
}
