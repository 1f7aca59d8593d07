import { UserCheck, UserMinus } from "lucide-react";
import { useState } from "react";
import { useFormat, useT } from "@/i18n";
import { Button, Card, type Column, ConfirmDialog, Notice, Table, toast } from "@/ui";
import type { MemberRow, WaitingPerson } from "./api";
import { LetInDialog } from "./LetInDialog";
import type { Names } from "./useNames";

/** Who may read names: those who wait, those let in, and taking it back. */
export function Circle({ names }: { names: Names }) {
  const t = useT("names");
  const format = useFormat();
  const [letting, setLetting] = useState<WaitingPerson | null>(null);
  const [removing, setRemoving] = useState<MemberRow | null>(null);
  const [now] = useState(() => Date.now());
  const { server } = names.view;
  if (!server) return null;
  const waiting = server.waiting;
  const inside = server.members.filter((m) => m.staffId !== null && m.revokedAt === null && (m.until === null || m.until > now));
  const me = names.school.me;

  const columns: Column<MemberRow>[] = [
    { id: "name", head: t("circle_name"), main: true, cell: (m) => (m.staffId === me ? t("circle_you", { name: m.name ?? "" }) : (m.name ?? t("circle_gone"))) },
    { id: "since", head: t("circle_since"), cell: (m) => format.date(m.createdAt) },
    { id: "until", head: t("circle_until"), cell: (m) => (m.until === null ? t("circle_no_end") : format.date(m.until)) },
    {
      id: "acts",
      head: t("circle_acts"),
      headHidden: true,
      end: true,
      cell: (m) => (
        <Button tone="quiet" icon={<UserMinus aria-hidden size={18} />} onPress={() => setRemoving(m)} label={t("circle_remove_whom", { name: m.name ?? "" })}>
          {t("circle_remove")}
        </Button>
      ),
    },
  ];
  return (
    <>
      <Card title={t("circle_waiting_title")} intro={waiting.length === 0 ? t("circle_nobody_waits") : t("circle_waiting_intro")}>
        {waiting.length > 0 && (
          <ul className="names-waiting">
            {waiting.map((person) => (
              <li key={person.staffId}>
                <span>{person.name}</span>
                <Button icon={<UserCheck aria-hidden size={18} />} onPress={() => setLetting(person)} label={t("let_in_whom", { name: person.name })}>
                  {t("let_in")}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card title={t("circle_title")} intro={t("circle_intro")}>
        <Table label={t("circle_table")} rows={inside} columns={columns} rowId={(m) => m.id} />
      </Card>
      {letting && (
        <LetInDialog
          names={names}
          person={letting}
          onClose={() => setLetting(null)}
          onDone={() => {
            toast(t("let_in_done", { name: letting.name }));
            setLetting(null);
          }}
        />
      )}
      <ConfirmDialog
        title={t("circle_remove_title", { name: removing?.name ?? "" })}
        action={t("circle_remove")}
        danger
        open={removing !== null}
        onClose={() => setRemoving(null)}
        onConfirm={() => (removing ? names.school.remove(removing.id) : Promise.resolve())}
      >
        <p>{t("circle_remove_text")}</p>
        {removing?.staffId === me && <Notice tone="brick">{t("circle_remove_self")}</Notice>}
      </ConfirmDialog>
    </>
  );
}
