import { useT } from "@/i18n";
import { Button, Notice } from "@/ui";
import { stops, type Finding } from "./findings";

/** How many findings of one sort are shown at once: a wrong column makes thousands. */
const SHOWN = 30;

interface FindingsProps {
  findings: readonly Finding[];
  /** Lets a person say that a line is another pupil. */
  onDistinct?: (line: number) => void;
}

/** What the reading has to tell: what stops it, lines set aside, points to check. */
export function Findings({ findings, onDistinct }: FindingsProps) {
  const t = useT("import");
  const stopping = findings.filter(stops);
  if (stopping.length > 0) {
    return (
      <Notice tone="brick" title={t("nothing_read")} alert>
        {stopping.map((f) => (
          <p key={f.key}>{t(`f_${f.key}`, f.args)}</p>
        ))}
      </Notice>
    );
  }
  const of = (severity: Finding["severity"]) => findings.filter((f) => f.severity === severity);
  const errors = of("error");
  const warnings = of("warning");
  const infos = of("info");
  return (
    <>
      {errors.length > 0 && (
        <Notice tone="brick" title={t("findings_errors", { count: errors.length })}>
          <FindingList findings={errors} />
        </Notice>
      )}
      {warnings.length > 0 && (
        <Notice tone="sun" title={t("findings_warnings", { count: warnings.length })}>
          <FindingList findings={warnings} onDistinct={onDistinct} />
        </Notice>
      )}
      {infos.length > 0 && (
        <Notice title={t("findings_infos", { count: infos.length })}>
          <FindingList findings={infos} onDistinct={onDistinct} />
        </Notice>
      )}
    </>
  );
}

function FindingList({ findings, onDistinct }: FindingsProps) {
  const t = useT("import");
  return (
    <ul className="import-findings">
      {findings.slice(0, SHOWN).map((finding) => {
        const text = t(`f_${finding.key}`, finding.args);
        const { line } = finding;
        return (
          <li key={`${finding.key} ${line ?? ""} ${finding.args?.level ?? ""}`}>
            {line === undefined ? text : t("at_line", { line, text })}
            {onDistinct && line !== undefined && (finding.key === "duplicate" || finding.key === "merged") && (
              <Button tone="quiet" label={t("distinct_of", { line })} onPress={() => onDistinct(line)}>
                {t("distinct")}
              </Button>
            )}
          </li>
        );
      })}
      {findings.length > SHOWN && <li>{t("findings_more", { count: findings.length - SHOWN })}</li>}
    </ul>
  );
}
