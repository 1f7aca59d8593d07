import { createPortal } from "react-dom";
import { useT } from "@/i18n";
import { AnsweringContext, SurfaceContext } from "../sitting/render/context";
import { Content } from "../sitting/render/Content";
import type { Booklet, BookletQuestion } from "./api";
import { listened, onPaper, paper, promptsOf } from "./surface";
import "./booklet.css";

/** Whose booklet: none for one that is everybody's. */
export interface Owner {
  id: string;
  number: number;
  pseudonym: string;
  /** Joined by this browser. */
  name: string | null;
}

const nothing = () => undefined;
const none: Record<string, string> = {};

function PaperContent({ question, nodes }: { question: BookletQuestion; nodes: BookletQuestion["view"]["public"]["body"] }) {
  return (
    <AnsweringContext value={{ values: {}, change: nothing, files: question.view.files ?? none, disabled: true, prefix: question.view.key }}>
      <SurfaceContext value={paper}>
        <Content nodes={nodes} />
      </SurfaceContext>
    </AnsweringContext>
  );
}

/** The booklets to print: beside the page of the screen, and the only thing on paper. */
export function BookletSheet({ booklet, owners, large }: { booklet: Booklet; owners: readonly (Owner | null)[]; large: boolean }) {
  return createPortal(
    <div className="paper-sheet" data-large={large || undefined} aria-hidden="true">
      {owners.map((owner) => (
        <OneBooklet key={owner?.id ?? ""} booklet={booklet} owner={owner} />
      ))}
    </div>,
    document.body,
  );
}

function OneBooklet({ booklet, owner }: { booklet: Booklet; owner: Owner | null }) {
  const t = useT("booklet");
  return (
    <div className="paper-booklet">
      <div className="paper-cover">
        <p className="paper-title">{booklet.title}</p>
        <p className="paper-name">{booklet.name}</p>
        {owner && (
          <p className="paper-owner">
            {t("seat", { number: owner.number })} · {owner.pseudonym}
            {owner.name && <strong translate="no">{owner.name}</strong>}
          </p>
        )}
        <p>{t("cover_how")}</p>
      </div>
      {booklet.stages.map((stage) => (
        <div key={stage.part} className="paper-stage">
          {stage.title && <p className="paper-stage-title">{stage.title}</p>}
          {stage.questions.map((q) => (
            <div key={q.number} className="paper-question" lang={q.view.public.language}>
              <p className="paper-question-number">{t("question", { number: q.number })}</p>
              {q.kinds.includes("inlineChoiceInteraction") && <p className="paper-how">{t("circle_word")}</p>}
              {q.turns ? <p className="paper-how">{t("not_on_paper")}</p> : <PaperContent question={q} nodes={q.view.public.body} />}
            </div>
          ))}
        </div>
      ))}
      <p className="paper-end">{t("end")}</p>
    </div>
  );
}

/** What the adult says and does, question by question. */
export function ScriptSheet({ booklet }: { booklet: Booklet }) {
  const t = useT("booklet");
  const minutes = t("minutes", { count: booklet.minutes });
  const questions = booklet.stages.flatMap((s) => s.questions);
  return createPortal(
    <div className="paper-sheet" aria-hidden="true">
      <div className="paper-booklet">
        <p className="paper-title">{t("script")}</p>
        <p className="paper-name">
          {booklet.title} : {booklet.name}
        </p>
        <p className="paper-stage-title">{t("script_before")}</p>
        <ol>
          <li>{t("script_1")}</li>
          <li>{t("script_2")}</li>
          <li>{t("script_3", { minutes })}</li>
        </ol>
        <p className="paper-stage-title">{t("script_say")}</p>
        <p>{t("script_hello", { minutes })}</p>
        {questions.map((q, i) => {
          const prompts = promptsOf(q.view.public.body);
          return (
            <div key={q.number} className="paper-script" lang={q.view.public.language}>
              <p className="paper-question-number">
                {t("question", { number: q.number })} <span className="paper-clock">{t("script_time", { minute: Math.floor((booklet.minutes * i) / questions.length) })}</span>
              </p>
              <p>{q.title}</p>
              {!onPaper(q) && <p>{t("script_skip")}</p>}
              {listened(q.view.public.body) && <p>{t("script_play")}</p>}
              {prompts.length > 0 || q.said.length > 0 ? (
                <>
                  <p className="paper-how">{t("script_read")}</p>
                  <PaperContent question={q} nodes={q.said as BookletQuestion["view"]["public"]["body"]} />
                  {prompts.map((p) => (
                    <p key={p}>« {p} »</p>
                  ))}
                </>
              ) : (
                <p className="paper-how">{t("script_silent")}</p>
              )}
            </div>
          );
        })}
        <p className="paper-stage-title">{t("script_after")}</p>
        <ol>
          <li>{t("script_4")}</li>
          <li>{t("script_5")}</li>
        </ol>
      </div>
    </div>,
    document.body,
  );
}
