import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormat, useT } from "@/i18n";
import { Button, Card, ConfirmDialog, ErrorState, ProblemNotice, Skeleton, toast } from "@/ui";
import { sessionsQuery, useEndOtherSessions, useEndSession } from "./api";

/** Where one is signed in, and the way to end it from afar. */
export function Devices() {
  const t = useT("account");
  const format = useFormat();
  const query = useQuery(sessionsQuery);
  const end = useEndSession();
  const endOthers = useEndOtherSessions();
  const [asking, setAsking] = useState(false);
  const now = Date.now();
  const others = query.data?.filter((s) => !s.current).length ?? 0;
  return (
    <Card title={t("devices")} intro={t("devices_intro")} action={others > 1 && <Button onPress={() => setAsking(true)}>{t("devices_end_all")}</Button>}>
      {end.error && <ProblemNotice problem={end.error} />}
      {query.isLoadingError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending ? (
        <Skeleton rows={2} />
      ) : (
        <ul className="lines">
          {query.data.map((session) => (
            <li key={session.id} className="line">
              <div>
                <p className="line-title">
                  {session.device || t("device_unknown")}
                  {session.current && ` (${t("device_this")})`}
                </p>
                <p className="line-detail">
                  {t("device_seen", { when: format.ago(session.lastSeenAt, now), since: format.moment(session.createdAt) })}
                  {session.kept && `, ${t("device_kept")}`}
                </p>
              </div>
              {!session.current && (
                <Button
                  pending={end.isPending && end.variables === session.id}
                  label={t("device_end_of", { name: session.device || t("device_unknown") })}
                  onPress={() => end.mutate(session.id, { onSuccess: () => toast(t("device_ended")) })}
                >
                  {t("device_end")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <ConfirmDialog title={t("devices_end_title")} action={t("devices_end_all")} danger open={asking} onClose={() => setAsking(false)} onConfirm={async () => {
          await endOthers.mutateAsync();
          toast(t("devices_ended"));
        }}>
        <p>{t("devices_end_text")}</p>
      </ConfirmDialog>
    </Card>
  );
}
