import { Link } from "wouter";
import type { ReactNode } from "react";
import { useT } from "@/i18n";
import { Page } from "@/ui";
import { kinds } from "./sheet";
import type { Kind } from "../api";
import "./write.css";

/** Chooses the kind of a question, by an example of it. */
export default function KindPage() {
  const t = useT("writing");
  return (
    <Page title={t("title_new")} intro={t("choose_kind")} back={{ href: "/evaluations/questions", label: t("questions") }}>
      <ul className="kinds">
        {kinds.map((kind) => (
          <li key={kind}>
            <Link href={`/evaluations/questions/nouvelle/${kind}`} className="kind">
              <Example kind={kind} />
              <span className="kind-words">
                <strong>{t(`kind_${kind}`)}</strong>
                <span>{t(`kind_${kind}_example`)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}

const line = (x: number, y: number, wide: number) => <rect x={x} y={y} width={wide} height="6" rx="3" className="kind-line" />;

const drawings: Record<Kind, ReactNode> = {
  choice: [14, 32, 50].map((y, i) => <g key={y}><circle cx="14" cy={y} r="5" className={i === 1 ? "kind-full" : "kind-edge"} />{line(26, y - 3, 58 - i * 8)}</g>),
  several: [14, 32, 50].map((y, i) => <g key={y}><rect x="9" y={y - 5} width="10" height="10" rx="2" className={i === 1 ? "kind-edge" : "kind-full"} />{line(26, y - 3, 52 + i * 6)}</g>),
  short: <>{line(8, 14, 60)}<rect x="8" y="30" width="60" height="20" rx="4" className="kind-edge" />{line(14, 37, 22)}</>,
  gap: <>{line(8, 14, 26)}<rect x="38" y="8" width="26" height="18" rx="4" className="kind-full" />{line(68, 14, 20)}{line(8, 40, 40)}<rect x="52" y="34" width="26" height="18" rx="4" className="kind-edge" /></>,
  inline: <>{line(8, 28, 22)}<rect x="34" y="20" width="34" height="22" rx="4" className="kind-edge" /><path d="M54 28l5 6 5-6" className="kind-edge" />{line(72, 28, 16)}</>,
  order: [12, 32, 52].map((y, i) => <g key={y}><rect x="8" y={y - 8} width="62" height="16" rx="4" className="kind-edge" />{line(14, y - 3, 40 - i * 8)}<path d={i === 0 ? "M82 46V18m-5 6l5-6 5 6" : ""} className="kind-edge" /></g>),
  match: <>{[14, 32, 50].map((y) => <g key={y}>{line(6, y - 3, 26)}{line(64, y - 3, 26)}</g>)}<path d="M36 14L60 32M36 32L60 14M36 50H60" className="kind-edge" /></>,
  hotspot: <><rect x="8" y="6" width="80" height="52" rx="4" className="kind-edge" /><path d="M8 48l20-22 16 16 10-10 34 22" className="kind-edge" /><circle cx="68" cy="20" r="8" className="kind-full" /></>,
  long: <><rect x="8" y="6" width="80" height="52" rx="4" className="kind-edge" />{line(16, 16, 60)}{line(16, 28, 64)}{line(16, 40, 36)}</>,
};

/** What a question of that kind looks like, in a few lines. */
function Example({ kind }: { kind: Kind }) {
  return (
    <svg viewBox="0 0 96 64" width="96" height="64" aria-hidden className="kind-drawing">
      {drawings[kind]}
    </svg>
  );
}
