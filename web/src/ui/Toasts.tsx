import { CircleCheck } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useT } from "@/i18n";
import { setSpeaker } from "./announce";
import { Button } from "./Button";
import { dismissToast, onToasts, type ToastItem, toastItems } from "./toast";
import "./Toast.css";

const STAY_MS = 7000;

function Toast({ item }: { item: ToastItem }) {
  const t = useT("ui");
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismissToast(item.id), STAY_MS);
    return () => clearTimeout(timer);
  }, [item.id, held]);
  return (
    <div className="toast" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <CircleCheck aria-hidden size={20} />
      <span>{item.text}</span>
      {item.action && (
        <Button
          tone="quiet"
          onPress={() => {
            item.action?.onPress();
            dismissToast(item.id);
          }}
        >
          {item.action.label}
        </Button>
      )}
      <Button tone="quiet" onPress={() => dismissToast(item.id)}>
        {t("close")}
      </Button>
    </div>
  );
}

/** The region where toasts show and where announcements are spoken. Once, at the root. */
export function Toasts() {
  const t = useT("ui");
  const items = useSyncExternalStore(onToasts, toastItems, toastItems);
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    setSpeaker((text) => {
      setSpoken("");
      setTimeout(() => setSpoken(text), 50);
    });
    return () => setSpeaker(null);
  }, []);
  return (
    <>
      <div className="toasts" role="region" aria-label={t("messages")} aria-live="polite">
        {items.map((item) => (
          <Toast key={item.id} item={item} />
        ))}
      </div>
      <div className="heard" aria-live="polite">
        {spoken}
      </div>
    </>
  );
}
