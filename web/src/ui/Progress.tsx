import { Label } from "react-aria-components/Label";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { useT } from "@/i18n";
import { Button } from "./Button";
import "./Progress.css";

/** Something that takes over a second, with its count and a way to stop. */
export function Progress({ label, done, total, onStop }: { label: string; done: number; total: number; onStop?: () => void }) {
  const t = useT("ui");
  const count = t("progress_count", { done, total });
  return (
    <div className="progress">
      <ProgressBar value={done} maxValue={total} valueLabel={count}>
        {({ percentage = 0 }) => (
          <>
            <div className="progress-line">
              <Label>{label}</Label>
              <span>{count}</span>
            </div>
            <div className="progress-track">
              <div className="progress-done" style={{ width: `${percentage}%` }} />
            </div>
          </>
        )}
      </ProgressBar>
      {onStop && (
        <div>
          <Button onPress={onStop}>{t("stop")}</Button>
        </div>
      )}
    </div>
  );
}
