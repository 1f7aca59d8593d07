import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, Check, MailCheck, MessageSquareReply, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useT } from "@/i18n";
import { Actions, announce, Button, Checkbox, Dialog, Empty, ErrorState, Form, Menu, Page, ProblemNotice, Select, Skeleton, TextArea, toast } from "@/ui";
import { type Contribution, contributionsQuery, journalKey, sortContributions, type Sorting } from "../api";
import { JournalTabs } from "../JournalTabs";
import { usePlace, usePlaceFormat } from "../place";
import { after, alike, moveOf, paragraphs } from "./queue";

const shelves = ["waiting", "spam", "shown", "refused"] as const;
type Asking = { ids: string[]; as: "answer" | "refuse" };

type OneProps = {
  one: Contribution;
  chosen: boolean;
  onChoose: (on: boolean) => void;
  onDecide: (as: "shown" | "spam") => void;
  onAsk: (as: "answer" | "refuse") => void;
  onAlike: (by: "name" | "source") => void;
  onStep: (by: 1 | -1) => void;
};

/** One contribution with what may be decided about it. It takes focus whole: its keys work only then. */
function One({ one, chosen, onChoose, onDecide, onAsk, onAlike, onStep }: OneProps) {
  const t = useT("desk");
  const { me } = usePlace();
  const format = usePlaceFormat();
  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    const move = moveOf(event);
    if (!move) return;
    event.preventDefault();
    if (move === "next" || move === "previous") onStep(move === "next" ? 1 : -1);
    else if (move === "select") {
      onChoose(!chosen);
      announce(t(chosen ? "unchosen" : "chosen", { name: one.name }));
    } else if (move === "answer" || move === "refuse") onAsk(move);
    else onDecide(move === "pass" ? "shown" : "spam");
  };
  const waiting = one.status !== "shown";
  return (
    <li>
      <article className="contribution" tabIndex={0} data-id={one.id} onKeyDown={press} aria-label={t("contribution_of", { name: one.name, title: one.title })}>
        <header className="desk-row">
          <Checkbox checked={chosen} onChange={onChoose} label={t("choose_of", { name: one.name })} />
          <h2 translate="no">{one.name}</h2>
          <span className="contribution-when">{format.ago(one.at, Date.now())}</span>
        </header>
        <p className="card-intro">
          {t("about_piece")} {me.slug && one.slug ? <a href={`/journal/${me.slug}/article/${one.slug}`}>{one.title}</a> : one.title}
          {one.member && ` · ${t("member")}`}
        </p>
        {one.signs.length > 0 && (
          <ul className="signs" aria-label={t("signs")}>
            {one.signs.map((sign) => (
              <li key={sign}>{t(`sign_${sign}`)}</li>
            ))}
          </ul>
        )}
        <div className="contribution-text">
          {paragraphs(one.text).map((p, i) => (
            <p key={i}>{p}</p>
          ))}
          {one.link && <p className="piece-url">{one.link}</p>}
          {one.answer && (
            <p>
              <strong>{t("answered")}</strong> {one.answer}
            </p>
          )}
          {one.reason && (
            <p>
              <strong>{t("reason")}</strong> {one.reason}
            </p>
          )}
        </div>
        <div className="contribution-acts" role="group" aria-label={t("acts")}>
          {waiting && (
            <Button tone="main" icon={<Check aria-hidden size={18} />} onPress={() => onDecide("shown")} label={t("pass_of", { name: one.name })}>
              {t("pass")}
            </Button>
          )}
          {waiting && (
            <Button icon={<MessageSquareReply aria-hidden size={18} />} onPress={() => onAsk("answer")} label={t("answer_of", { name: one.name })}>
              {t("answer")}
            </Button>
          )}
          {one.status !== "refused" && (
            <Button icon={<X aria-hidden size={18} />} onPress={() => onAsk("refuse")} label={t("refuse_of", { name: one.name })}>
              {t("refuse")}
            </Button>
          )}
          {one.status !== "spam" && (
            <Button icon={<Ban aria-hidden size={18} />} onPress={() => onDecide("spam")} label={t("spam_of", { name: one.name })}>
              {t("spam")}
            </Button>
          )}
          <Menu
            word={t("alike")}
            label={t("alike_of", { name: one.name })}
            entries={[
              { id: "name", label: t("alike_name"), onAction: () => onAlike("name") },
              { id: "source", label: t("alike_source"), onAction: () => onAlike("source") },
            ]}
          />
        </div>
      </article>
    </li>
  );
}

/** What readers added, to be read before it shows: one thumb or a few keys are enough. */
export default function QueuePage() {
  const t = useT("desk");
  const { school } = usePlace();
  const queries = useQueryClient();
  const [status, setStatus] = useState<(typeof shelves)[number]>("waiting");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Asking | null>(null);
  const list = useQuery(contributionsQuery(school, { status }));
  const frame = useRef<HTMLUListElement>(null);
  const next = useRef<string | null>(null);
  const items = list.data ?? [];
  const ids = items.map((c) => c.id);
  const focus = (id: string | undefined) => (id === undefined ? undefined : frame.current?.querySelector<HTMLElement>(`[data-id="${id}"]`)?.focus());
  useEffect(() => {
    // Once those that were decided have left the list, the next one has focus.
    if (next.current !== null && list.data) {
      focus(next.current);
      next.current = null;
    }
  }, [list.data]);
  const sort = useMutation({
    mutationFn: (body: Sorting) => sortContributions(school, body),
    onSuccess: async (_, body) => {
      const done = body.ids ?? [];
      next.current = after(ids, new Set(done), done[0] ?? "");
      setChosen(new Set());
      setAsking(null);
      toast(t(`sorted_${body.as}`, { count: done.length }));
      await queries.invalidateQueries({ queryKey: journalKey(school) });
    },
  });
  const decide = (of: string[], as: "shown" | "spam") => sort.mutate({ ids: of, as });
  const step = (from: string, by: 1 | -1) => focus(ids[ids.indexOf(from) + by]);
  const bulk = [...chosen].filter((id) => ids.includes(id));
  return (
    <Page title={t("tab_queue")} intro={t("queue_intro")}>
      <JournalTabs />
      <Select label={t("show")} value={status} options={shelves.map((id) => ({ id, label: t(`shelf_${id}`) }))} onChange={(to) => (setStatus(to), setChosen(new Set()))} />
      {sort.error && !asking && <ProblemNotice problem={sort.error} />}
      {!list.data ? (
        list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : <Skeleton rows={4} shape="cards" />
      ) : items.length === 0 ? (
        <Empty icon={<MailCheck aria-hidden size={32} />} title={t(status === "waiting" ? "queue_none" : "none_in_state")} />
      ) : (
        <>
          <p className="field-help queue-keys">{t("queue_keys")}</p>
          <ul className="contributions" ref={frame}>
            {items.map((one) => (
              <One
                key={one.id}
                one={one}
                chosen={chosen.has(one.id)}
                onChoose={(on) => setChosen((before) => new Set(on ? [...before, one.id] : [...before].filter((id) => id !== one.id)))}
                onDecide={(as) => decide([one.id], as)}
                onAsk={(as) => setAsking({ ids: [one.id], as })}
                onAlike={(by) => {
                  const found = alike(items, one, by);
                  setChosen(new Set(found));
                  announce(t("chosen_count", { count: found.length }));
                }}
                onStep={(by) => step(one.id, by)}
              />
            ))}
          </ul>
          {bulk.length > 0 && (
            <div className="bulk" role="group" aria-label={t("chosen_count", { count: bulk.length })}>
              <p>{t("chosen_count", { count: bulk.length })}</p>
              <Button tone="main" onPress={() => decide(bulk, "shown")} pending={sort.isPending}>
                {t("pass_all")}
              </Button>
              <Button onPress={() => setAsking({ ids: bulk, as: "refuse" })}>{t("refuse_all")}</Button>
              <Button onPress={() => decide(bulk, "spam")}>{t("spam_all")}</Button>
              <Button tone="quiet" onPress={() => setChosen(new Set())}>
                {t("unchoose")}
              </Button>
            </div>
          )}
        </>
      )}
      <Dialog title={t(asking?.as === "answer" ? "answer" : "refuse")} open={asking !== null} onClose={() => setAsking(null)}>
        {asking && (
          <Form
            onSubmit={(data) => {
              const words = String(data.get(asking.as === "answer" ? "answer" : "reason") ?? "").trim();
              sort.mutate(asking.as === "answer" ? { ids: asking.ids, as: "shown", answer: words } : { ids: asking.ids, as: "refused", reason: words });
            }}
            error={sort.error}
          >
            {asking.as === "answer" ? (
              <TextArea label={t("answer_text")} name="answer" required rows={4} maxLength={4000} help={t("answer_help")} wide autoFocus />
            ) : (
              <TextArea label={t("reason")} name="reason" required rows={4} maxLength={2000} help={t("reason_sender")} wide autoFocus />
            )}
            <Actions>
              <Button type="submit" tone={asking.as === "answer" ? "main" : "danger"} pending={sort.isPending}>
                {t(asking.as === "answer" ? "answer" : "refuse")}
              </Button>
            </Actions>
          </Form>
        )}
      </Dialog>
    </Page>
  );
}
