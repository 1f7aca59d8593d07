import { useEffect, useId, useRef } from "react";
import { useFormat, useT } from "@/i18n";
import { announce, Button, ErrorState, Notice } from "@/ui";
import { AnsweringContext } from "./render/context";
import { Content } from "./render/Content";
import { Question } from "./render/Question";
import { childrenOf, type PublicNode } from "./render/tree";
import type { TurnBook, TurnsView } from "./turns";

const none: Record<string, string> = {};

/** A question that is taken by turns: what the last one left, and the next to make. */
export function TurnQuestion({ name, book, view }: { name: string; book: TurnBook; view: TurnsView }) {
  const t = useT("sitting");
  const format = useFormat();
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  const one = view.of[name];
  const turn = one?.view.turn ?? 0;
  const done = one?.view.done ?? false;
  const shown = useRef(turn);
  // What a turn answers stands above the button that made it: the reading begins there again.
  useEffect(() => {
    if (shown.current === turn) return;
    shown.current = turn;
    heading.current?.focus();
    announce(t(done ? "turn_done" : "turn_taken"));
  }, [turn, done, t]);
  if (!one) return null;
  const { public: now, files = none } = one.view;
  const refusal = view.refusals[name];
  return (
    <section aria-labelledby={id} className="sitting-turn">
      <h2 ref={heading} id={id} tabIndex={-1} className="sitting-turn-title">
        {done ? t("turn_done") : t("turn", { number: turn + 1 })}
      </h2>
      {now.modal?.map((node, i) => <Said key={i} node={node} files={files} />)}
      <Question name={name} body={now.body} files={files} language={now.language} values={one.draft} disabled={one.leaving !== null || done} onChange={(values) => book.draft(name, values)} onEnd={(response) => book.take(name, { [response]: "true" })} />
      {refusal !== undefined && <ErrorState error={refusal} />}
      {one.leaving !== null && view.failingSince !== null && <Notice tone="sun">{t("turn_offline", { when: format.time(view.failingSince) })}</Notice>}
      {!done && (
        <Button big pending={one.leaving !== null} onPress={() => book.take(name)}>
          {t("turn_send")}
        </Button>
      )}
    </section>
  );
}

/** What the author says of a turn. */
function Said({ node, files }: { node: PublicNode; files: Record<string, string> }) {
  return (
    <Notice tone="info" title={node.attrs?.title}>
      <AnsweringContext value={{ values: {}, change: () => undefined, files, disabled: true, prefix: "" }}>
        <Content nodes={childrenOf(node)} />
      </AnsweringContext>
    </Notice>
  );
}
