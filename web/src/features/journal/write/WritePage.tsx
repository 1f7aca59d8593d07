import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Eye, Send } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useLocation, useParams } from "wouter";
import { problemOf } from "@/api/problem";
import { useT } from "@/i18n";
import { Actions, Button, Card, ConfirmDialog, ErrorState, LinkButton, Notice, Page, ProblemNotice, Skeleton, StayDialog, TextArea, TextField, toast } from "@/ui";
import { actOnPiece, type Content, discardPiece, fileAddress, journalKey, type PieceDetail, pieceQuery, savePiece } from "../api";
import { usePlace, usePlaceFormat } from "../place";
import { Authors } from "./Authors";
import type { TextNode } from "./document";
import { Documents } from "./Documents";
import { Draft, type Kept, onDevice } from "./draft";
import { Filing } from "./Filing";
import { CitedFields, HappeningFields } from "./Particulars";
import { PictureDialog } from "./PictureDialog";
import { Overtaken, SaveState } from "./SaveState";
import { Sources } from "./Sources";

const Prose = lazy(() => import("./Prose").then((m) => ({ default: m.Prose })));

/** What was found when the page opened: the server's piece, and what this browser kept of it. */
type Found = { piece: PieceDetail; kept: Kept | null };

function useFound(school: string, id: string, author: string | undefined) {
  return useQuery({
    queryKey: journalKey(school, "piece", id, "to write"),
    staleTime: Number.POSITIVE_INFINITY, // asked once: what is typed is not replaced under the hand
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: async ({ client, signal }): Promise<Found> => {
      signal.throwIfAborted();
      const piece = await client.fetchQuery(pieceQuery(school, id));
      const kept = await onDevice.read(id);
      return { piece, kept: kept && kept.author === author && JSON.stringify(kept.content) !== JSON.stringify(piece.work) ? kept : null };
    },
  });
}

function LeadPicture({ content, onChange }: { content: Content; onChange: (part: Partial<Content>) => void }) {
  const t = useT("desk");
  const [open, setOpen] = useState(false);
  const { pictureId, pictureAlt = "", credit = "" } = content;
  return (
    <>
      {pictureId && (
        <figure className="lead-picture">
          <img src={fileAddress(pictureId)} alt={pictureAlt} />
          <figcaption>
            {credit && <small>{t("credit_of", { name: credit })}</small>} <span className="prose-alt">{t("alt_is", { text: pictureAlt })}</span>
          </figcaption>
        </figure>
      )}
      <div className="desk-row">
        <Button onPress={() => setOpen(true)}>{t(pictureId ? "picture_change" : "picture_add")}</Button>
        {pictureId && <Button onPress={() => onChange({ pictureId: undefined, pictureAlt: "", credit: "" })}>{t("picture_remove")}</Button>}
      </div>
      <PictureDialog
        open={open}
        onClose={() => setOpen(false)}
        words={pictureId ? { file: pictureId, alt: pictureAlt, credit, caption: "" } : undefined}
        onDone={(w) => onChange({ pictureId: w.file, pictureAlt: w.alt, credit: w.credit })}
      />
    </>
  );
}

function Writing({ found, start, onReload }: { found: PieceDetail; start: { content: Content; version: number; dirty: boolean }; onReload: () => void }) {
  const t = useT("desk");
  const { school, me, base, tu } = usePlace();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [draft] = useState(() => {
    const made = new Draft({ piece: found.id, author: me.author?.id ?? "", version: start.version, content: start.content }, (version, content) => savePiece(school, found.id, version, content));
    if (start.dirty) made.change({});
    return made;
  });
  const [content, setContent] = useState(draft.content);
  const view = useSyncExternalStore(draft.listen, draft.view);
  const piece = useQuery({ ...pieceQuery(school, found.id), initialData: found }).data;
  const [removing, setRemoving] = useState(false);
  useEffect(() => {
    draft.open();
    return () => draft.close();
  }, [draft]);
  const leave = (to: string) => {
    void queries.invalidateQueries({ queryKey: journalKey(school) });
    go(to);
  };
  const propose = useMutation({
    mutationFn: async () => {
      if (!(await draft.save())) throw draft.view().problem ?? new Error("not saved");
      return actOnPiece(school, found.id, { act: "propose", version: draft.version });
    },
    onSuccess: () => {
      toast(t(me.regime === "pupils" ? "proposed_pupils" : "proposed_adults"));
      leave(`${base}/article/${found.id}`);
    },
  });
  const change = (part: Partial<Content>) => {
    if (propose.error) propose.reset();
    draft.change(part);
    setContent(draft.content);
  };
  const preview = async () => {
    if (await draft.save()) window.open(`/journal/${me.slug}/apercu/${found.id}`, "_blank", "noopener");
  };
  // A piece that was never shown to anybody is removed for good.
  const removable = piece.mine && piece.status === "draft" && piece.askedAt === undefined && piece.publishedAt === undefined;
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What is missing takes focus, and is read.
    if (propose.error) frame.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [propose.error]);
  const faults = propose.error ? problemOf(propose.error).fields : {};
  const fault = (field: string) => faults[field] ?? faults[`body.${field}`] ?? null;
  return (
    <div className="writing" ref={frame}>
      {piece.status === "published" && <Notice>{t("write_published")}</Notice>}
      {!piece.mine && <Notice tone="sun">{t("write_not_mine")}</Notice>}
      {view.saving === "overtaken" && (
        <Overtaken
          title={t("save_overtaken")}
          onMine={() => void draft.insist(Number(view.problem?.extra.version))}
          onTheirs={() => void draft.giveUp().then(onReload)}
        />
      )}
      {view.saving === "refused" && view.problem && <ProblemNotice problem={view.problem} />}
      <TextField label={t("headline")} name="title" required maxLength={160} value={content.title} onChange={(title) => change({ title })} help={t(`headline_help${tu}`)} error={fault("title")} spellCheck wide />
      {piece.kind === "article" && <TextField label={t("kicker")} optional maxLength={120} value={content.kicker ?? ""} onChange={(kicker) => change({ kicker })} help={t("kicker_help")} spellCheck wide />}
      {piece.kind === "brief" && <CitedFields content={content} onChange={change} fault={fault} />}
      {piece.kind === "event" && <HappeningFields content={content} onChange={change} fault={fault} />}
      {piece.kind === "article" && <TextArea label={t("standfirst")} optional rows={3} maxLength={800} value={content.standfirst ?? ""} onChange={(standfirst) => change({ standfirst })} help={t(`standfirst_help${tu}`)} wide />}
      <Suspense fallback={<Skeleton rows={6} />}>
        <Prose text={content.body as unknown as TextNode} onChange={(body) => change({ body: body as unknown as Content["body"] })} />
      </Suspense>
      {fault("body") && (
        <Notice tone="brick" alert>
          {t("body_missing")}
        </Notice>
      )}
      <Card title={t("lead_picture")} intro={t("lead_picture_help")}>
        <LeadPicture content={content} onChange={change} />
      </Card>
      <Card title={t("filing")}>
        <Filing content={content} onChange={change} />
      </Card>
      <Card title={t("sources")}>
        <Sources sources={content.about.sources ?? []} onChange={(sources) => change({ about: { ...draft.content.about, sources } })} />
      </Card>
      <Card title={t("documents")}>
        <Documents ids={content.about.documents ?? []} known={piece.files} onChange={(documents) => change({ about: { ...draft.content.about, documents } })} />
      </Card>
      <Card title={t("authors")}>
        <Authors piece={piece} />
      </Card>
      {propose.error && <ProblemNotice problem={propose.error} />}
      <div className="write-bar no-print">
        <SaveState view={view} />
        <Actions>
          {me.slug && (
            <Button icon={<Eye aria-hidden size={18} />} onPress={() => void preview()}>
              {t("preview")} <span className="heard">{t("new_tab")}</span>
            </Button>
          )}
          {piece.mine ? (
            <Button tone="main" icon={<Send aria-hidden size={18} />} pending={propose.isPending} onPress={() => propose.mutate()}>
              {t("propose")}
            </Button>
          ) : (
            <Button tone="main" onPress={() => void draft.save().then((done) => done && leave(`${base}/article/${found.id}`))}>
              {t("write_done")}
            </Button>
          )}
        </Actions>
      </div>
      {removable && (
        <div>
          <Button tone="danger" onPress={() => setRemoving(true)}>
            {t("discard")}
          </Button>
          <ConfirmDialog
            title={t("discard_title")}
            action={t("discard")}
            danger
            open={removing}
            onClose={() => setRemoving(false)}
            onConfirm={async () => {
              await discardPiece(school, found.id);
              await draft.giveUp();
              leave(base);
            }}
          >
            <p>{t("discard_text")}</p>
          </ConfirmDialog>
        </div>
      )}
      <StayDialog while={view.saving !== "saved"} title={t("leave_title")} action={t("leave")}>
        <p>{t(`leave_text${tu}`)}</p>
      </StayDialog>
    </div>
  );
}

/** Writes a piece: each change is saved, here and on the server. */
export default function WritePage() {
  const t = useT("desk");
  const { school, me, base, tu } = usePlace();
  const format = usePlaceFormat();
  const { piece: id } = useParams<{ piece: string }>();
  const [round, setRound] = useState(0);
  const [choice, setChoice] = useState<"kept" | "server" | null>(null);
  const found = useFound(school, id, me.author?.id);
  const frame = { title: t(found.data ? `write_${found.data.piece.kind}` : "write_article"), back: { href: base, label: t("title") } };
  if (!found.data) return <Page {...frame}>{found.error ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : <Skeleton rows={6} />}</Page>;
  const { piece, kept } = found.data;
  if (!piece.edit || !me.author) {
    return (
      <Page {...frame}>
        <Notice tone="sun" action={<LinkButton href={`${base}/article/${id}`}>{t("to_piece")}</LinkButton>}>
          {t(`cannot_write${tu}`)}
        </Notice>
      </Page>
    );
  }
  const reload = () => {
    setChoice("server");
    void found.refetch().then(() => setRound((n) => n + 1));
  };
  const moved = kept !== null && kept.version !== piece.version;
  if (moved && choice === null) {
    return (
      <Page {...frame}>
        <Overtaken title={t("kept_title", { moment: format.moment(kept.at) })} onMine={() => setChoice("kept")} onTheirs={() => void onDevice.write(id, null).then(() => setChoice("server"))} />
      </Page>
    );
  }
  const useKept = kept !== null && choice !== "server";
  const start = useKept ? { content: kept.content as Content, version: piece.version, dirty: true } : { content: piece.work, version: piece.version, dirty: false };
  return (
    <Page {...frame}>
      {useKept && !moved && <Notice tone="tree">{t(`restored${tu}`)}</Notice>}
      <Writing key={`${round} ${useKept}`} found={piece} start={start} onReload={reload} />
    </Page>
  );
}
