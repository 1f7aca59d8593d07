import { useT } from "@/i18n";
import "./Skeleton.css";

/** Keeps the shape of what comes, and says that it comes. */
export function Skeleton({ rows = 4, shape = "rows" }: { rows?: number; shape?: "rows" | "text" | "cards" }) {
  const t = useT("ui");
  return (
    <div role="status">
      <span className="heard">{t("loading")}</span>
      <div className={`skeleton skeleton-${shape}`} aria-hidden="true">
        {Array.from({ length: rows }, (_, i) => (
          <span key={i} />
        ))}
      </div>
    </div>
  );
}
