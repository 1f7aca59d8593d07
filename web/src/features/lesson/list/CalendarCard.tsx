import { useQuery } from "@tanstack/react-query";
import { useSchoolFormat, useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Card, Copyable, Notice, ProblemNotice, toast } from "@/ui";
import { calendarQuery, useCalendarLink, useCalendarVoid } from "../api";

/** One's lessons in a calendar of one's own: a secret address, shown once. */
export function CalendarCard() {
  const t = useT("lessons");
  const format = useSchoolFormat();
  const { school } = useWork();
  const state = useQuery(calendarQuery(school.id));
  const make = useCalendarLink(school.id);
  const stop = useCalendarVoid(school.id);
  const since = state.data?.since;
  const error = make.error ?? stop.error;
  return (
    <Card title={t("calendar")} intro={t("calendar_intro")}>
      {error && <ProblemNotice problem={error} />}
      {make.data ? (
        <>
          <Copyable text={make.data.url} label={t("calendar_address")} />
          <Notice tone="sun">{t("calendar_once")}</Notice>
        </>
      ) : (
        since !== undefined && <p>{t("calendar_since", { date: format.date(since) })}</p>
      )}
      <Actions>
        <Button pending={make.isPending} onPress={() => make.mutate()}>
          {t(since === undefined ? "calendar_make" : "calendar_renew")}
        </Button>
        {since !== undefined && (
          <Button
            tone="danger"
            pending={stop.isPending}
            onPress={() =>
              stop.mutate(undefined, {
                onSuccess: () => {
                  make.reset();
                  toast(t("calendar_stopped"));
                },
              })
            }
          >
            {t("calendar_stop")}
          </Button>
        )}
      </Actions>
    </Card>
  );
}
