import { useEffect, useRef, useState } from "react";
import { useProof } from "@/features/session/Proof";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { announce, Card, ErrorState, isPlainAddress, Page, PlainAddress, Skeleton } from "@/ui";
import { proveWith } from "./api";
import { ChangedKey } from "./ChangedKey";
import { Circle } from "./Circle";
import { EarlierKey } from "./EarlierKey";
import { ExportList } from "./ExportList";
import type { RecoverySheet } from "./namesKey";
import { type Making, MyKey } from "./MyKey";
import { Recover } from "./Recover";
import { RecoveryPage } from "./RecoveryPage";
import { Retype } from "./Retype";
import { FirstKey, SchoolKey } from "./SchoolKey";
import { SheetTask } from "./SheetTask";
import { useFreshAccess, useNames } from "./useNames";
import { useReturn } from "./useReturn";
import "./names.css";

/** How often this page asks who waits, or whether one has been let in, in milliseconds. */
const LOOK_MS = 5_000;

/** The list of names: one's own key, the school's, who may read, and what to do when keys are lost. */
export default function NamesPage() {
  const t = useT("names");
  const { school } = useWork();
  if (isPlainAddress()) {
    return (
      <Page title={t("title")} intro={t("intro")} narrow>
        <PlainAddress />
      </Page>
    );
  }
  return <NamesOf key={school.id} schoolId={school.id} />;
}

function NamesOf({ schoolId }: { schoolId: string }) {
  const t = useT("names");
  const { rights } = useWork();
  const names = useNames(schoolId);
  const prove = useProof();
  useEffect(() => proveWith(prove), [prove]);
  const [sheet, setSheet] = useState<RecoverySheet | null>(null);
  const [making, setMaking] = useState<Making>(null);
  const replacing = making !== null;
  useReturn(names.status);
  const { view, status } = names;
  const last = useRef(status);

  useFreshAccess(names.school, LOOK_MS);
  useEffect(() => {
    if (last.current === "waiting" && status === "ready") announce(t("let_in_now"));
    last.current = status;
  }, [status, t]);

  if (sheet) return <RecoveryPage sheet={sheet} names={names} onDone={() => setSheet(null)} />;
  if (status === "loading") {
    return (
      <Page title={t("title")} narrow>
        {view.problem === null ? <Skeleton rows={5} /> : <ErrorState error={view.problem} onRetry={() => void names.school.retry()} />}
      </Page>
    );
  }
  const leads = rights.leads && view.hasKey && !replacing;
  const open = status === "ready" && !replacing;
  const myKey = <MyKey names={names} making={making} onMake={setMaking} />;
  return (
    <Page title={t("title")} intro={t("intro")} narrow>
      {view.problem !== null && <ErrorState error={view.problem} onRetry={() => void names.school.retry()} />}
      {open && rights.leads && <SheetTask names={names} onSheet={setSheet} />}
      {!open && myKey}
      {status === "changed" && <ChangedKey names={names} />}
      {status === "none" && view.hasKey && !replacing && view.server?.key === null && <FirstKey names={names} manages={rights.leads} onSheet={setSheet} />}
      {status === "waiting" && !replacing && (
        <Card title={t("waiting_title")}>
          <p>{t("waiting_text")}</p>
        </Card>
      )}
      {open && rights.leads && <Circle names={names} />}
      {open && <Retype names={names} />}
      {open && <ExportList names={names} />}
      {open && myKey}
      {open && <SchoolKey names={names} manages={rights.leads} onSheet={setSheet} />}
      {rights.leads && <EarlierKey names={names} />}
      {leads && status === "waiting" && <Recover names={names} onSheet={setSheet} />}
    </Page>
  );
}
