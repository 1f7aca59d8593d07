import { Check, Flag, Send, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useFormat, useT } from "@/i18n";
import { Button, Menu, Notice, RadioGroup, TextArea } from "@/ui";
import type { Message } from "../live/protocol";
import { useRoom } from "./context";

const LONGEST = 2_000;

function Line({ message, onReport }: { message: Message; onReport: (message: Message) => void }) {
  const t = useT("live");
  const room = useRoom();
  const format = useFormat(room.zone);
  const { me, leads, helps, nameOf, act } = room;
  const mine = message.by === me.id;
  const name = nameOf(message.by);
  return (
    <li className={`message${mine ? " message-mine" : ""}${message.pending ? " message-pending" : ""}`}>
      <p className="message-head">
        <strong translate="no">{mine ? t("you") : name}</strong>{" "}
        <time dateTime={new Date(message.at).toISOString()}>{format.time(message.at)}</time>
        {message.to === "staff" && <span className="tag">{t("to_staff_tag")}</span>}
        {message.pending && <span className="tag tag-sun">{t(leads ? "pending_tag" : `pending_mine${room.tu}`)}</span>}
      </p>
      <p className="message-text" dir="auto">
        {message.text}
      </p>
      {((leads && message.pending) || (helps(message.by) && !mine) || (me.kind !== "staff" && !mine)) && (
        <div className="message-tools">
          {leads && message.pending && (
            <Button tone="quiet" icon={<Check aria-hidden size={16} />} label={t("release_of", { name })} onPress={() => void act("release", { message: message.id })}>
              {t("release")}
            </Button>
          )}
          {helps(message.by) && !mine && (
            <Menu
              word={t("delete")}
              label={t("delete_of", { name })}
              tone="quiet"
              icon={<Trash2 aria-hidden size={16} />}
              entries={[
                { id: "one", label: t("delete_one"), onAction: () => void act("delete", { message: message.id }) },
                { id: "all", label: t("delete_all", { name }), danger: true, onAction: () => void act("delete", { who: message.by }) },
              ]}
            />
          )}
          {me.kind !== "staff" && !mine && (
            <Button tone="quiet" icon={<Flag aria-hidden size={16} />} label={t("report_of", { name })} onPress={() => onReport(message)}>
              {t("report")}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

/** Where one writes: to whom the lesson lets. */
function Write() {
  const t = useT("live");
  const { known, me, can, act, tu, leads } = useRoom();
  const [text, setText] = useState("");
  const [to, setTo] = useState<"all" | "staff">("all");
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  // The server knows a message that is sent again by this name, and keeps it once.
  const key = useRef(crypto.randomUUID());
  const staff = me.kind === "staff";
  const all = staff || (can("chat") && known.lesson.chat !== "closed" && known.lesson.chat !== "staff");
  if (!staff && !known.lesson.attended) return <Notice tone="sun">{t("chat_unattended")}</Notice>;
  if (!all && me.kind === "guest" && known.lesson.chat === "closed") return <Notice>{t("chat_is_closed")}</Notice>;
  const send = async () => {
    const line = text.trim();
    if (line === "" || sending) return;
    setSending(true);
    if (await act("say", { text: line, to: all ? to : "staff", key: key.current })) {
      setText("");
      key.current = crypto.randomUUID();
    }
    setSending(false);
    field.current?.focus();
  };
  return (
    <form
      className="chat-form"
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
      onKeyDown={(e) => {
        if (e.key === "Enter" && !e.shiftKey && !e.nativeEvent.isComposing && e.target === field.current) {
          e.preventDefault();
          void send();
        }
      }}
    >
      {!all && <Notice>{t(`chat_to_staff_only${tu}`)}</Notice>}
      {all && !leads && (
        <RadioGroup
          label={t("write_to")}
          value={to}
          row
          onChange={(value) => setTo(value as "all" | "staff")}
          options={[
            { id: "all", label: t("write_all") },
            { id: "staff", label: t("write_staff") },
          ]}
        />
      )}
      <div className="chat-line">
        <TextArea label={t(`write${tu}`)} rows={2} value={text} maxLength={LONGEST} onChange={(value) => setText(value.slice(0, LONGEST))} ref={field} />
        <Button type="submit" tone="main" icon={<Send aria-hidden size={18} />} pending={sending}>
          {t("send")}
        </Button>
      </div>
    </form>
  );
}

/** What is written in the lesson, and where one writes. */
export function Chat({ onReport }: { onReport: (message: Message) => void }) {
  const t = useT("live");
  const { known } = useRoom();
  const list = useRef<HTMLDivElement>(null);
  const last = known.messages.at(-1)?.id;
  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [last]);
  return (
    <div className="chat">
      <div
        className="messages"
        role="log"
        aria-label={t("messages")}
        // A region that scrolls is reached by the keyboard.
        tabIndex={0}
        ref={list}
        onScroll={(e) => {
          const el = e.currentTarget;
          atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < 40;
        }}
      >
        {known.messages.length === 0 ? (
          <p className="message-none">{t("chat_empty")}</p>
        ) : (
          <ol>
            {known.messages.map((message) => (
              <Line key={message.id} message={message} onReport={onReport} />
            ))}
          </ol>
        )}
      </div>
      <p className="chat-kept">{t("kept", { count: known.lesson.messagesUntilHours })}</p>
      <Write />
    </div>
  );
}
