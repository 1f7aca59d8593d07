import { useState } from "react";
import { useT } from "@/i18n";
import { Select } from "@/ui";
import { type DeviceKind, remember, remembered } from "../media/devices";

/** One choice among the devices of a kind; nothing where there is none to make. */
export function DeviceChoice({ kind, devices, onChoose }: { kind: DeviceKind; devices: readonly MediaDeviceInfo[]; onChoose?: (id: string) => void }) {
  const t = useT("live");
  const [chosen, setChosen] = useState(remembered(kind));
  const these = devices.filter((d) => d.kind === kind);
  if (these.length < 2) return null;
  const value = these.some((d) => d.deviceId === chosen) ? chosen : these[0]?.deviceId;
  return (
    <Select
      label={t(`choose_${kind}`)}
      value={value}
      wide
      options={these.map((d) => ({ id: d.deviceId, label: d.label }))}
      onChange={(id) => {
        remember(kind, id);
        setChosen(id);
        onChoose?.(id);
      }}
    />
  );
}
