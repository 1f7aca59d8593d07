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
        <strong translate="no">{mine ? t("you") : name}</strong>
        <time dateTime={new Date(message.at).toISOString()}>{format.time(message.at)}</time>
        {message.to === "staff" && <span className="tag">{t("to_staff_tag")}</span>}
        {message.pending && <span className="tag tag-sun">{t("pending_tag")}</span>}
      </p>
      <p className="message-text">{message.text}</p>
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
    </li>
  );
}

/** What is written in the lesson, and where one writes. */
export function Chat({ onReport }: { onReport: (message: Message) => void }) {
  const t = useT("live");
  const room = useRoom();
  const { known, me, can, act, leads } = room;
  const [text, setText] = useState("");
  const [to, setTo] = useState<"all" | "staff">("all");
  const [sending, setSending] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const last = known.messages.at(-1)?.id;
  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [last]);
  const all = me.kind === "staff" || (can("chat") && known.lesson.chat !== "closed" && known.lesson.chat !== "staff");
  const staff = known.lesson.attended || me.kind === "staff";
  const target = all ? to : "staff";
  const send = async () => {
    const line = text.trim();
    if (line === "" || sending) return;
    setSending(true);
    if (await act("say", { text: line, to: target })) setText("");
    setSending(false);
    field.current?.focus();
  };
  return (
    <div className="chat">
      {leads && (
        <RadioGroup
          label={t("chat_mode")}
          value={known.lesson.chat}
          onChange={(mode) => void act("chat", { to: mode })}
          options={(["everyone", "moderated", "staff", "closed"] as const).map((id) => ({ id, label: t(`chat_${id}`) }))}
        />
      )}
      <ol
        className="messages"
        ref={list}
        role="log"
        aria-label={t("chat")}
        tabIndex={0}
        onScroll={(e) => {
          const el = e.currentTarget;
          atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < 40;
        }}
      >
        {known.messages.length === 0 && <li className="message-none">{t("chat_empty")}</li>}
        {known.messages.map((message) => (
          <Line key={message.id} message={message} onReport={onReport} />
        ))}
      </ol>
      <p className="chat-kept">{t("kept", { count: known.lesson.messagesUntilHours })}</p>
      {staff ? (
        <form
          className="chat-form"
          onSubmit={(e) => {
            e.preventDefault();
            void send();
          }}
          onKeyDown={(e) => {
            if (e.key === "Enter" && !e.shiftKey && !e.nativeEvent.isComposing) {
              e.preventDefault();
              void send();
            }
          }}
        >
          {!all && <Notice>{t("chat_to_staff_only")}</Notice>}
          {all && me.kind !== "staff" && (
            <RadioGroup
              label={t("write_to")}
              value={to}
              onChange={(value) => setTo(value as "all" | "staff")}
              options={[
                { id: "all", label: t("write_all") },
                { id: "staff", label: t("write_staff") },
              ]}
            />
          )}
          <TextArea label={t("write")} rows={2} value={text} onChange={(value) => setText(value.slice(0, LONGEST))} ref={field} />
          <Button type="submit" tone="main" icon={<Send aria-hidden size={18} />} pending={sending}>
            {t("send")}
          </Button>
        </form>
      ) : (
        <Notice tone="sun">{t("chat_unattended")}</Notice>
      )}
    </div>
  );
}
