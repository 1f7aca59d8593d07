import { useEffect, useState } from "react";
import { useT } from "@/i18n";

/** Minutes left, by the server's clock. It counts minutes, not seconds, until the last. */
export function Clock({ endsAt, now }: { endsAt: number; now: () => number }) {
  const t = useT("sitting");
  const [left, setLeft] = useState(() => endsAt - now());
  useEffect(() => {
    const tick = () => setLeft(endsAt - now());
    tick();
    const timer = setInterval(tick, 5_000);
    return () => clearInterval(timer);
  }, [endsAt, now]);
  const minutes = Math.max(0, Math.ceil(left / 60_000));
  return (
    <p className="sitting-clock" role="timer" aria-live="off">
      {left <= 0 ? t("time_over") : t("minutes_left", { count: minutes })}
    </p>
  );
}
