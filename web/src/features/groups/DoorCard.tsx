import { DoorClosed, DoorOpen, Projector } from "lucide-react";
import { useState } from "react";
import { useSchoolFormat } from "@/features/session/school";
import { useT } from "@/i18n";
import { Actions, Button, Card, Dialog, Notice, ProblemNotice, Select, toast } from "@/ui";
import { type Group, type Presence, useCloseDoor, useOpenDoor } from "./api";
import { DOOR_MINUTES, DOOR_USUAL } from "./door";
import { DoorState } from "./DoorState";
import "./groups.css";

/** Wrong codes at an open door before staff are told: below, pupils mistype. */
const TRIED_WORTH_TELLING = 8;

function Board({ group, open, onClose }: { group: Group; open: boolean; onClose: () => void }) {
  const t = useT("groups");
  return (
    <Dialog title={t("board_title", { name: group.name })} open={open} onClose={onClose} full>
      <div className="board">
        <p>{t("board_go")}</p>
        <p className="board-place">{window.location.host}</p>
        <p>{t("board_type")}</p>
        <p className="board-code">{t("code_part", { code: group.code })}</p>
        <p>{t("board_rest")}</p>
      </div>
    </Dialog>
  );
}

/** The door of a group: who types a code gets in only while it is open. */
export function DoorCard({ school, group, presence, mayOpen, whoIs }: { school: string; group: Group; presence: Presence | undefined; mayOpen: boolean; whoIs: (seat: string) => string }) {
  const t = useT("groups");
  const format = useSchoolFormat();
  const [minutes, setMinutes] = useState(String(DOOR_USUAL));
  const [projected, setProjected] = useState(false);
  const openDoor = useOpenDoor(school);
  const closeDoor = useCloseDoor(school);
  const until = presence ? presence.doorOpenUntil : group.doorOpenUntil;
  const error = openDoor.error ?? closeDoor.error;
  const open = () =>
    openDoor.mutate({ group: group.id, minutes: Number(minutes) }, { onSuccess: () => toast(t("door_opened", { name: group.name })) });
  return (
    <Card title={t("door")} action={<DoorState until={until} />} intro={until === undefined ? t("door_intro") : undefined}>
      {error && <ProblemNotice problem={error} />}
      {until !== undefined ? (
        <>
          <div className="door-open">
            <p>
              {t("door_code_starts")} <span className="door-code">{t("code_part", { code: group.code })}</span>
            </p>
            <Actions>
              <Button tone="main" icon={<Projector aria-hidden size={18} />} onPress={() => setProjected(true)}>
                {t("project")}
              </Button>
              {mayOpen && (
                <Button icon={<DoorClosed aria-hidden size={18} />} pending={closeDoor.isPending} onPress={() => closeDoor.mutate(group.id, { onSuccess: () => toast(t("door_shut", { name: group.name })) })}>
                  {t("close_door")}
                </Button>
              )}
            </Actions>
          </div>
          {presence && presence.tried >= TRIED_WORTH_TELLING && (
            <Notice tone="sun" title={t("tried_title", { count: presence.tried })}>
              {presence.triedAt === undefined ? t("tried_text") : `${t("tried_last", { time: format.time(presence.triedAt) })} ${t("tried_text")}`}
              {presence.triedBy.length > 0 && ` ${t("tried_by", { count: presence.triedBy.length, seats: presence.triedBy.map(whoIs).join(", ") })}`}
            </Notice>
          )}
          <Board group={group} open={projected} onClose={() => setProjected(false)} />
        </>
      ) : (
        mayOpen && (
          <div className="seats-tools">
            <Select
              label={t("door_for")}
              value={minutes}
              onChange={setMinutes}
              options={DOOR_MINUTES.map((m) => ({ id: String(m), label: t("minutes", { count: m }) }))}
            />
            <Button tone="main" icon={<DoorOpen aria-hidden size={18} />} pending={openDoor.isPending} onPress={open}>
              {t("open_door")}
            </Button>
          </div>
        )
      )}
    </Card>
  );
}
