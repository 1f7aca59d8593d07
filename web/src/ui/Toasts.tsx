import { CircleCheck } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useT } from "@/i18n";
import { spoken } from "./announce";
import { Button } from "./Button";
import { type ToastItem, toasts } from "./toast";
import "./Toast.css";

const STAY_MS = 10_000;
/** A live region must stand before its text comes, or it is not read. */
const STAND_MS = 100;

function Toast({ item }: { item: ToastItem }) {
  const t = useT("ui");
  const [text, setText] = useState("");
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setText(item.text), STAND_MS);
    return () => clearTimeout(timer);
  }, [item]);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => toasts.remove(item), STAY_MS);
    return () => clearTimeout(timer);
  }, [item, held]);
  return (
    <div className="toast" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <CircleCheck aria-hidden size={20} />
      <span className="toast-text" aria-live="polite">
        {text}
      </span>
      {item.action && (
        <Button
          tone="quiet"
          onPress={() => {
            item.action?.onPress();
            toasts.remove(item);
          }}
        >
          {item.action.label}
        </Button>
      )}
      <Button tone="quiet" label={t("close_what", { what: item.text })} onPress={() => toasts.remove(item)}>
        {t("close")}
      </Button>
    </div>
  );
}

/** Where toasts show, and the one region where announcements are spoken. Once, at the root; a dialog hides neither. */
export function Toasts() {
  const t = useT("ui");
  const shown = useSyncExternalStore(toasts.follow, toasts.items, toasts.items);
  const said = useSyncExternalStore(spoken.follow, spoken.items, spoken.items);
  const lines = (urgent: boolean) => said.filter((item) => item.urgent === urgent).map((item) => <p key={item.id}>{item.text}</p>);
  return (
    <>
      <section className="toasts" aria-label={t("messages")} data-react-aria-top-layer="true">
        {shown.map((item) => (
          <Toast key={item.id} item={item} />
        ))}
      </section>
      <div className="heard" id="spoken" data-live-announcer="true">
        <div aria-live="polite">{lines(false)}</div>
        <div aria-live="assertive">{lines(true)}</div>
      </div>
    </>
  );
}
