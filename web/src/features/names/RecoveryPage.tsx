import { useEffect, useMemo, useState } from "react";
import { createPortal } from "react-dom";
import { useWork } from "@/features/session/school";
import { qrShape } from "@/features/slips/qr";
import { useFormat, useT } from "@/i18n";
import { Actions, Button, Card, Checkbox, Notice, Page, PrintButton, Progress, StayDialog } from "@/ui";
import type { RecoverySheet } from "./namesKey";
import { NamesProblem } from "./refusal";
import { SixWords } from "./SixWords";
import type { Names } from "./useNames";

/** The prefix, then groups of six characters, to be copied from paper. */
function spaced(key: string): string {
  return `${key.slice(0, PREFIX)} ${key.slice(PREFIX).match(/.{1,6}/g)?.join(" ") ?? ""}`;
}

const PREFIX = "AGE-SECRET-KEY-1".length;

/**
 * A new key's sheet, which exists only here until it is printed. Meanwhile names
 * still under a replaced key are written again.
 */
export function RecoveryPage({ sheet, names, onDone }: { sheet: RecoverySheet; names: Names; onDone: () => void }) {
  const t = useT("names");
  const [stored, setStored] = useState(false);
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [rewritten, setRewritten] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [saying, setSaying] = useState(false);
  const { school } = names;

  const finish = async () => {
    setSaying(true);
    setError(null);
    try {
      await school.sheetStored();
      onDone();
    } catch (refusal) {
      setSaying(false);
      setError(refusal);
    }
  };

  useEffect(() => {
    let current = true;
    school.rewrite((done, total) => current && setProgress({ done, total })).then(
      () => current && setRewritten(true),
      (refusal: unknown) => current && setError(refusal),
    );
    return () => {
      current = false;
    };
  }, [school]);

  useEffect(() => {
    // In braces: Chromium's scrollTo answers a promise, which is no clean-up.
    window.scrollTo(0, 0);
  }, []);

  return (
    <Page title={t("sheet_title")} intro={t("sheet_intro")} action={<PrintButton word={t("sheet_print")} tone="main" />} narrow>
      {!rewritten && error === null && progress !== null && progress.total > 0 && <Progress label={t("rewriting")} done={progress.done} total={progress.total} />}
      {error !== null && (
        <>
          <NamesProblem error={error} />
          {!rewritten && <p>{t("rewrite_failed")}</p>}
        </>
      )}
      <Card>
        <Notice tone="sun">{t("sheet_once")}</Notice>
        <Sheet sheet={sheet} words={names.view.words ?? []} />
        <Checkbox checked={stored} onChange={setStored}>
          {t("sheet_stored")}
        </Checkbox>
        <Actions>
          <Button onPress={() => void finish()} disabled={!stored || (!rewritten && error === null)} pending={saying}>
            {t("sheet_done")}
          </Button>
        </Actions>
      </Card>
      <StayDialog while={!stored} title={t("sheet_leave_title")} action={t("sheet_leave")}>
        <p>{t("sheet_leave_text")}</p>
      </StayDialog>
      {createPortal(
        <div className="recovery-print" aria-hidden="true">
          <Sheet sheet={sheet} words={names.view.words ?? []} paper />
        </div>,
        document.body,
      )}
    </Page>
  );
}

/** What is on the paper, also shown on the screen. */
function Sheet({ sheet, words, paper }: { sheet: RecoverySheet; words: readonly string[]; paper?: boolean }) {
  const t = useT("names");
  const format = useFormat();
  const { school } = useWork();
  const qr = useMemo(() => qrShape(sheet.identity), [sheet.identity]);
  const [now] = useState(() => Date.now());
  return (
    <div className="recovery">
      {paper && <h1>{t("paper_title")}</h1>}
      <p>
        <strong>{school.name}</strong>, {format.date(now)}
      </p>
      <div className="recovery-key">
        <svg className="recovery-qr" viewBox={`0 0 ${qr.size} ${qr.size}`} shapeRendering="crispEdges" role="img" aria-label={t("sheet_qr")}>
          <path d={qr.path} />
        </svg>
        <div>
          <h2>{t("paper_key")}</h2>
          <p className="recovery-text" translate="no">
            {spaced(sheet.identity)}
          </p>
        </div>
      </div>
      <h2>{t("school_words")}</h2>
      <SixWords words={words} label={t("school_words")} fingerprint />
      <p>{t("paper_use")}</p>
      <p>{t("paper_keep")}</p>
    </div>
  );
}
