import { Glasses } from "lucide-react";
import { useEffect, useState } from "react";
import { useT } from "@/i18n";
import { Button, Checkbox, Dialog, RadioGroup } from "@/ui";
import { keys, read, write } from "@/storage";

/** How a pupil wishes to read. */
export interface Reading {
  size: number;
  spaced: boolean;
  face: boolean;
  strong: boolean;
  line: boolean;
  clock: boolean;
}

const plain: Reading = { size: 1, spaced: false, face: false, strong: false, line: false, clock: true };
const sizes = [
  { id: "1", text: "size_1" },
  { id: "2", text: "size_2" },
  { id: "3", text: "size_3" },
] as const;

export function useReading(): [Reading, (next: Reading) => void] {
  const [reading, setReading] = useState(() => ({ ...plain, ...read(keys.reading) }));
  useEffect(() => {
    if (reading.face) void import("@/app/opendyslexic.css");
  }, [reading.face]);
  const change = (next: Reading) => {
    write(keys.reading, next);
    setReading(next);
  };
  return [reading, change];
}

/** Choices of reading, kept in this tab. */
export function Aids({ reading, onChange }: { reading: Reading; onChange: (next: Reading) => void }) {
  const t = useT("sitting");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<Glasses aria-hidden />} onPress={() => setOpen(true)}>
        {t("aids")}
      </Button>
      <Dialog title={t("aids")} open={open} onClose={() => setOpen(false)}>
        <RadioGroup label={t("size")} value={String(reading.size)} onChange={(size) => onChange({ ...reading, size: Number(size) })} options={sizes.map((s) => ({ id: s.id, label: t(s.text) }))} />
        {(["spaced", "face", "strong", "line", "clock"] as const).map((name) => (
          <Checkbox key={name} checked={reading[name]} onChange={(on) => onChange({ ...reading, [name]: on })}>
            {t(`aid_${name}`)}
          </Checkbox>
        ))}
      </Dialog>
    </>
  );
}
