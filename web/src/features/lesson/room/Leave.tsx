import { useT } from "@/i18n";
import { Actions, Button, Dialog } from "@/ui";
import { useRoom } from "./context";

/** Asks before one leaves; whoever leads may also end the lesson. */
export function Leave({ onClose, onLeft }: { onClose: () => void; onLeft: () => void }) {
  const t = useT("live");
  const { live, act, leads, tu, me } = useRoom();
  const leave = async () => {
    await live.ask("leave").catch(() => undefined); // out of reach, the page goes all the same
    onLeft();
  };
  const end = async () => {
    await act("end"); // the lesson tells everybody that it is over, whoever ended it too
    onClose();
  };
  return (
    <Dialog title={t("leave_title")} open onClose={onClose}>
      <p>{t(leads ? "leave_text_staff" : me.kind === "staff" ? "leave_text" : `leave_text${tu}`)}</p>
      <Actions>
        {leads && (
          <Button tone="danger" onPress={() => void end()}>
            {t("end")}
          </Button>
        )}
        <Button tone={leads ? "plain" : "main"} onPress={() => void leave()}>
          {t(leads ? "leave_others" : "leave")}
        </Button>
        <Button onPress={onClose}>{t("stay")}</Button>
      </Actions>
    </Dialog>
  );
}
