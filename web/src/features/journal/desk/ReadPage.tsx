import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Eye, PenLine } from "lucide-react";
import { useState } from "react";
import { useLocation, useParams } from "wouter";
import { useT } from "@/i18n";
import { Button, Card, ErrorState, LinkButton, Notice, Page, ProblemNotice, Skeleton, toast } from "@/ui";
import { type Act, acts, type Content, answerInvitation, fileAddress, journalKey, type PieceDetail, pieceQuery, takePiece } from "../api";
import { Body } from "../Body";
import { usePlace, usePlaceFormat } from "../place";
import { signed, standsAt, titleOf } from "../words";
import type { TextNode } from "../write/document";
import { Authors } from "../write/Authors";
import { PenDialog } from "../write/PenDialog";
import { ActDialog } from "./ActDialog";
import { Differences } from "./Differences";
import { Thread } from "./Thread";
import { useInWords } from "./useInWords";

/** A piece as its readers would find it, with what they do not see: how far it is seen, its sources in full. */
function Shown({ content, piece }: { content: Content; piece: PieceDetail }) {
  const t = useT("desk");
  const format = usePlaceFormat();
  const words = useInWords();
  const { about } = content;
  const { cited, happening } = about;
  return (
    <article className="piece">
      {content.kicker && <p className="piece-kicker">{content.kicker}</p>}
      <h2 className="piece-title">{titleOf(t, content)}</h2>
      <p className="card-intro" translate="no">
        {signed(t, piece.authors)}
      </p>
      {content.standfirst && <p className="piece-standfirst">{content.standfirst}</p>}
      {cited && (
        <p>
          {[cited.title, cited.author, cited.outlet, cited.date].filter(Boolean).join(", ")}
          {cited.url && <> · {cited.url}</>}
        </p>
      )}
      {cited?.quote && <blockquote>{cited.quote}</blockquote>}
      {happening && happening.startsAt > 0 && (
        <p>
          {format.moment(happening.startsAt)}
          {happening.endsAt ? ` – ${format.time(happening.endsAt)}` : ""} {happening.place && `· ${happening.place}`}
        </p>
      )}
      {content.pictureId && (
        <figure>
          <img src={fileAddress(content.pictureId)} alt={content.pictureAlt ?? ""} />
          {content.credit && <figcaption>{t("credit_of", { name: content.credit })}</figcaption>}
        </figure>
      )}
      <Body text={content.body as unknown as TextNode} />
      {(about.documents?.length ?? 0) > 0 && (
        <ul>
          {about.documents?.map((id, i) => (
            <li key={id}>
              <a href={fileAddress(id)} download>
                {piece.files.find((file) => file.id === id)?.name || t("document_number", { count: i + 1 })}
              </a>
            </li>
          ))}
        </ul>
      )}
      {(about.sources?.length ?? 0) > 0 && (
        <>
          <h3>{t("sources")}</h3>
          <ol>
            {about.sources?.map((s, i) => (
              <li key={i}>
                {s.title} {s.url && <span className="piece-url">{s.url}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
      <p className="card-intro">
        {[about.collective ? words.collective(about.collective) : "", ...(about.themes ?? []).map(words.theme), ...(about.tags ?? [])].filter(Boolean).join(", ")} {words.audience(about)}
      </p>
    </article>
  );
}

const main: readonly Act[] = ["publish", "propose", "lift"];
const grave: readonly Act[] = ["refuse", "withdraw", "suspend", "forbid"];

/** A piece for its authors and for those who review it: read, compare, discuss, decide. */
export default function ReadPage() {
  const t = useT("desk");
  const { school, me, base, tu } = usePlace();
  const format = usePlaceFormat();
  const queries = useQueryClient();
  const { piece: id } = useParams<{ piece: string }>();
  const [, go] = useLocation();
  const [naming, setNaming] = useState(false);
  const [act, setAct] = useState<Act | null>(null);
  const found = useQuery(pieceQuery(school, id));
  const take = useMutation({
    mutationFn: (hold: boolean) => takePiece(school, id, hold),
    onSuccess: () => queries.invalidateQueries({ queryKey: journalKey(school) }),
  });
  const answer = useMutation({
    mutationFn: (sign: boolean) => answerInvitation(school, id, sign),
    onSuccess: async (_, sign) => {
      await queries.invalidateQueries({ queryKey: journalKey(school) });
      toast(t(sign ? "invitation_taken" : "invitation_left"));
      if (!sign) go(base);
    },
  });
  const back = { href: base, label: t("title") };
  const piece = found.data;
  if (!piece) return <Page title={t("piece")} back={back}>{found.error ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : <Skeleton rows={6} />}</Page>;
  const possible = acts.filter((a) => piece.acts.includes(a));
  const deciding = possible.some((a) => a === "publish" || a === "discuss");
  const held = piece.holder !== undefined && piece.holder === me.author?.penName;
  return (
    <Page
      title={titleOf(t, piece)}
      over={t(`kind_${piece.kind}`)}
      intro={standsAt(t, piece, Date.now())}
      back={back}
      action={
        <>
          {piece.edit && (
            <LinkButton href={`${base}/article/${id}/ecrire`} tone={possible.some((a) => main.includes(a)) ? "plain" : "main"} icon={<PenLine aria-hidden size={18} />}>
              {t("write")}
            </LinkButton>
          )}
          {me.slug && (
            <a className="button button-plain" href={`/journal/${me.slug}/apercu/${id}`} target="_blank" rel="noreferrer">
              <Eye aria-hidden size={18} />
              <span>
                {t("preview")} <span className="heard">{t("new_tab")}</span>
              </span>
            </a>
          )}
        </>
      }
    >
      {(piece.status === "proposed" || piece.status === "discussed" || piece.change === "proposed" || piece.change === "discussed") && (
        <Notice tone="sun">
          <p>{t(`waits_${me.regime}`)}</p>
          {piece.askedAt !== undefined && <p>{t("waits_since", { moment: format.moment(piece.askedAt) })}</p>}
          <p>{piece.holder ? t("held_by", { name: piece.holder }) : t("held_by_nobody")}</p>
        </Notice>
      )}
      {me.regime === "pupils" && me.head && <Notice>{t("head_lycee")}</Notice>}
      {piece.status === "refused" && piece.mine && <Notice tone="brick">{t(`refused_text${tu}`)}</Notice>}
      {piece.publishedAt !== undefined && piece.publishedAt > Date.now() && piece.status === "published" && <Notice>{t("comes_at", { moment: format.moment(piece.publishedAt) })}</Notice>}
      {piece.invited && (
        <Notice tone="sun" title={t(`invitation${tu}`)}>
          <p>{t(`invitation_text${tu}`)}</p>
          {answer.error && <ProblemNotice problem={answer.error} />}
          <div className="desk-row">
            <Button tone="main" onPress={() => answer.mutate(true)} pending={answer.isPending && answer.variables}>
              {t("invitation_yes")}
            </Button>
            <Button onPress={() => answer.mutate(false)} pending={answer.isPending && !answer.variables}>
              {t("invitation_no")}
            </Button>
          </div>
        </Notice>
      )}
      {take.error && <ProblemNotice problem={take.error} />}
      {(possible.length > 0 || deciding) && (
        <div className="desk-row acts" role="group" aria-label={t("acts")}>
          {possible.map((a) => (
            <Button key={a} tone={main.includes(a) ? "main" : grave.includes(a) ? "danger" : "plain"} onPress={() => setAct(a)}>
              {t(`act_${a}`)}
            </Button>
          ))}
          {deciding && me.author && (
            <Button onPress={() => take.mutate(!held)} pending={take.isPending}>
              {t(held ? "let_go" : "take")}
            </Button>
          )}
        </div>
      )}
      {!me.author && possible.length > 0 && <Notice tone="sun" action={<Button tone="main" onPress={() => setNaming(true)}>{t("pen_choose")}</Button>}>{t("pen_first")}</Notice>}
      <PenDialog open={naming} onClose={() => setNaming(false)} />
      {piece.slug && piece.status === "published" && me.slug && (
        <p>
          <a className="desk-link" href={`/journal/${me.slug}/article/${piece.slug}`}>{t("read_published")}</a> · {t("visits", { count: piece.visits })} · {t("additions", { count: piece.additions })}
        </p>
      )}
      <Card>
        <Shown content={piece.work} piece={piece} />
      </Card>
      {!piece.mine && (me.editor || (me.head && me.regime === "adults")) && (
        <Card title={t("authors")}>
          <Authors piece={piece} />
        </Card>
      )}
      {piece.workN > 1 && !piece.invited && (
        <Card title={t("differences")}>
          <Differences piece={piece} />
        </Card>
      )}
      <Card title={t("thread")}>
        <Thread piece={id} />
      </Card>
      {act && <ActDialog key={act} piece={piece} act={act} onClose={() => setAct(null)} />}
    </Page>
  );
}
