import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { groupsQuery } from "@/features/groups/api";
import { inSchoolOrder } from "@/features/groups/order";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, Select, TextField } from "@/ui";
import { roomPage, useMakeLesson } from "../api";

const OPEN_LESSON = "none";

/** Opens a lesson at once, for a group or by invitation. */
export function OpenDialog({ onClose }: { onClose: () => void }) {
  const t = useT("lessons");
  const [, go] = useLocation();
  const { school, rights } = useWork();
  const groups = useQuery(groupsQuery(school.id));
  const make = useMakeLesson(school.id);
  const mine = inSchoolOrder((groups.data ?? []).filter((g) => g.archivedAt === undefined && rights.teaches(g.id, g.yearId)));
  const [chosen, setChosen] = useState<string | null>(null);
  const group = chosen ?? mine[0]?.id ?? OPEN_LESSON;
  const submit = (data: FormData) => {
    const title = String(data.get("title")).trim() || (mine.find((g) => g.id === group)?.name ?? t("open_lesson"));
    make.mutate({ title, groupId: group === OPEN_LESSON ? undefined : group, open: true, minutes: 55 }, { onSuccess: ({ lessons }) => lessons[0] && go(roomPage(school.id, lessons[0])) });
  };
  return (
    <Dialog title={t("open_title")} open onClose={onClose}>
      <Form onSubmit={submit} error={make.error}>
        <Select label={t("for_whom")} name="groupId" value={group} onChange={setChosen} wide options={[...mine.map((g) => ({ id: g.id, label: g.name })), { id: OPEN_LESSON, label: t("open_lesson"), detail: t("open_lesson_detail") }]} />
        <TextField label={t("lesson_title")} name="title" optional maxLength={120} wide help={t("title_help")} />
        <Actions>
          <Button type="submit" tone="main" pending={make.isPending}>
            {t("open_now")}
          </Button>
          <Button onPress={onClose}>{t("cancel_word")}</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
