import { useQuery } from "@tanstack/react-query";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Copyable, Dialog, ErrorState, ProblemNotice, Skeleton } from "@/ui";
import { guestPage, guestLinkQuery, type Lesson, useGuestLink } from "../api";

/** The link for guests: opened, copied, renewed, closed. */
export function GuestLink({ lesson }: { lesson: Lesson }) {
  const t = useT("lessons");
  const { school } = useWork();
  const link = useQuery(guestLinkQuery(school.id, lesson.id));
  const set = useGuestLink(school.id, lesson.id);
  if (!link.data) return link.error ? <ErrorState error={link.error} onRetry={() => void link.refetch()} /> : <Skeleton rows={2} />;
  const { open, link: secret } = link.data;
  return (
    <>
      <p>{t("guest_text")}</p>
      {set.error && <ProblemNotice problem={set.error} />}
      {open && secret && <Copyable text={guestPage(secret)} label={t("guest_link")} />}
      <Actions>
        {open ? (
          <>
            <Button pending={set.isPending} onPress={() => set.mutate(true)}>
              {t("guest_renew")}
            </Button>
            <Button tone="danger" pending={set.isPending} onPress={() => set.mutate(false)}>
              {t("guest_close")}
            </Button>
          </>
        ) : (
          <Button tone="main" pending={set.isPending} onPress={() => set.mutate(true)}>
            {t("guest_open")}
          </Button>
        )}
      </Actions>
      {open && <p className="card-intro">{t("guest_renew_text")}</p>}
    </>
  );
}

export function GuestLinkDialog({ lesson, onClose }: { lesson: Lesson; onClose: () => void }) {
  const t = useT("lessons");
  return (
    <Dialog title={t("guest_title", { title: lesson.title })} open onClose={onClose}>
      <GuestLink lesson={lesson} />
    </Dialog>
  );
}
