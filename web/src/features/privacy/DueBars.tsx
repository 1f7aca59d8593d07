import { useFormat, useT } from "@/i18n";
import type { Rule } from "./api";

/** Rows of the rule and of what hangs from it. */
const all = (rule: Rule) => rule.rows + rule.with.reduce((sum, part) => sum + part.rows, 0);

/** The dry run as a picture: one bar a rule, as long as the rows that it would take. */
export function DueBars({ rules }: { rules: readonly Rule[] }) {
  const t = useT("privacy");
  const format = useFormat();
  const sorted = [...rules].sort((a, b) => all(b) - all(a));
  const most = Math.max(1, ...sorted.map(all));
  return (
    <ul className="bars" aria-label={t("retention_picture")}>
      {sorted.map((rule) => (
        <li key={rule.rule} className="bar">
          <div className="bar-words">
            <span className="bar-name">{rule.what}</span>
            <span className="bar-rule">{t("rule_days", { count: rule.days, from: rule.from })}</span>
          </div>
          <div className="bar-line">
            <span className="bar-track" aria-hidden="true">
              <span className="bar-own" style={{ width: `${(100 * rule.rows) / most}%` }} />
              <span className="bar-with" style={{ width: `${(100 * (all(rule) - rule.rows)) / most}%` }} />
            </span>
            <span className="bar-count">{format.number(rule.rows)}</span>
          </div>
          {rule.with.map((part) => (
            <span key={part.what} className="bar-part">
              {t("with_rows", { count: part.rows, what: part.what })}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}
