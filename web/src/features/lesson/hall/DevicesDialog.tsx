import { useT } from "@/i18n";
import { Actions, Button, Dialog } from "@/ui";
import type { DeviceKind } from "../media/devices";
import type { Engine } from "../media/engine";
import { DeviceChoice } from "./DeviceChoice";
import { useDevices } from "./useTrial";

const kinds: readonly DeviceKind[] = ["audioinput", "videoinput", "audiooutput"];

/** Other devices, in the middle of a lesson. */
export function DevicesDialog({ engine, onClose }: { engine: Engine | null; onClose: () => void }) {
  const t = useT("live");
  const devices = useDevices(null);
  const choice = kinds.some((kind) => devices.filter((d) => d.kind === kind).length > 1);
  return (
    <Dialog title={t("devices")} open onClose={onClose}>
      {choice ? kinds.map((kind) => <DeviceChoice key={kind} kind={kind} devices={devices} onChoose={(id) => void engine?.useDevice(kind, id).catch(() => undefined)} />) : <p>{t("devices_none")}</p>}
      <Actions>
        <Button tone="main" onPress={onClose}>
          {t("close_side")}
        </Button>
      </Actions>
    </Dialog>
  );
}
