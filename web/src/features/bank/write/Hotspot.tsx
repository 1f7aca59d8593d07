import { Plus, Trash2 } from "lucide-react";
import { type PointerEvent, useRef, useState } from "react";
import { useWork } from "@/features/session/school";
import { useT } from "@/i18n";
import { Button, Checkbox, TextField } from "@/ui";
import { fileAddress } from "../api";
import { BringFile, PictureFields } from "./Files";
import { Fault, Group } from "./Group";
import { type Area, changed, most, type Sheet, without } from "./sheet";

type Props = { sheet: Sheet; onChange: (part: Partial<Sheet>) => void };

const hundredths = (x: number) => Math.round(Math.max(0, Math.min(100, x)) * 10) / 10;

/** A picture and the parts of it that pupils press. */
export function Hotspot({ sheet, onChange }: Props) {
  const t = useT("writing");
  const { picture, areas } = sheet;
  const set = (next: Area[]) => onChange({ areas: next });
  if (!picture) {
    return (
      <Group name="picture" title={t("picture")} intro={t("hotspot_picture_help")}>
        <div className="write-tools">
          <BringFile kind="picture" onFile={(file) => onChange({ picture: { file: file.id, alt: "" }, areas: [] })} />
        </div>
      </Group>
    );
  }
  return (
    <>
      <Group name="picture" title={t("picture")}>
        <PictureFields name="picture" what={t("picture")} picture={picture} onChange={(next) => onChange({ picture: next })} onRemove={() => onChange({ picture: null, areas: [] })} />
      </Group>
      <Group name="areas" title={t("areas")} intro={t("areas_help")}>
        <Fault name="right" label={t("right_area")}>
          <Plan file={picture.file} areas={areas} onChange={set} />
          {areas.map((area, i) => (
            <AreaFields key={i} area={area} at={`areas[${i}]`} number={i + 1} onChange={(part) => set(changed(areas, i, part))} onRemove={() => set(without(areas, i))} />
          ))}
        </Fault>
        {areas.length < most.areas && (
          <div className="write-tools">
            <Button icon={<Plus aria-hidden size={18} />} onPress={() => set([...areas, { label: "", left: 40, top: 40, wide: 20, high: 20 }])}>
              {t("add_area")}
            </Button>
          </div>
        )}
      </Group>
    </>
  );
}

/** One area: what it is called, where it is, whether it is right. */
function AreaFields({ area, at, number, onChange, onRemove }: { area: Area; at: string; number: number; onChange: (part: Partial<Area>) => void; onRemove: () => void }) {
  const t = useT("writing");
  const what = t("area_number", { number });
  const places = area.round ? (["left", "top", "wide"] as const) : (["left", "top", "wide", "high"] as const);
  return (
    <div className="write-block" role="group" aria-label={what} data-right={area.right || undefined}>
      <TextField name={`${at}.label`} label={t("area_label", { number })} value={area.label} onChange={(label) => onChange({ label })} required maxLength={120} help={t("area_label_help")} wide />
      <Fault name={`${at}.place`} label={what}>
        <div className="write-places">
          {places.map((side) => (
            <label key={side} className="write-place">
              {t(`area_${side}`)}
              <input className="field-input" type="number" min={0} max={100} step={0.5} value={area[side]} onChange={(e) => onChange({ [side]: hundredths(Number(e.currentTarget.value)) })} />
            </label>
          ))}
        </div>
      </Fault>
      <Checkbox checked={area.round ?? false} onChange={(round) => onChange({ round })}>
        {t("area_round", { number })}
      </Checkbox>
      <Checkbox checked={area.right ?? false} onChange={(right) => onChange({ right })}>
        {t("area_right", { number })}
      </Checkbox>
      <div className="write-tools">
        <Button tone="quiet" label={t("remove_of", { what })} icon={<Trash2 aria-hidden size={18} />} onPress={onRemove}>
          {t("remove")}
        </Button>
      </div>
    </div>
  );
}

/** The picture with its areas: with a mouse one draws and moves them; their fields say the same in figures. */
function Plan({ file, areas, onChange }: { file: string; areas: readonly Area[]; onChange: (areas: Area[]) => void }) {
  const { school } = useWork();
  const frame = useRef<HTMLDivElement>(null);
  const held = useRef<{ index: number; x: number; y: number; area: Area } | null>(null);
  const [ratio, setRatio] = useState(1);
  const at = (e: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    return box ? { x: ((e.clientX - box.left) / box.width) * 100, y: ((e.clientY - box.top) / box.height) * 100 } : { x: 0, y: 0 };
  };
  const begin = (e: PointerEvent<HTMLDivElement>) => {
    const { x, y } = at(e);
    const index = Number((e.target as HTMLElement).dataset.area ?? -1);
    const area = areas[index];
    if (area) held.current = { index, x, y, area };
    else if (e.pointerType !== "touch" && areas.length < most.areas) {
      held.current = { index: areas.length, x, y, area: { label: "", left: hundredths(x), top: hundredths(y), wide: 0, high: 0 } };
    } else return;
    e.preventDefault();
    frame.current?.setPointerCapture(e.pointerId);
  };
  const follow = (e: PointerEvent) => {
    const hold = held.current;
    if (!hold) return;
    const { x, y } = at(e);
    const { area } = hold;
    const drawn = hold.area.wide === 0;
    const next: Area = drawn
      ? { ...area, left: hundredths(Math.min(x, hold.x)), top: hundredths(Math.min(y, hold.y)), wide: hundredths(Math.abs(x - hold.x)), high: hundredths(Math.abs(y - hold.y)) }
      : { ...area, left: hundredths(Math.min(100 - area.wide, area.left + x - hold.x)), top: hundredths(Math.min(100 - (area.round ? 0 : area.high), area.top + y - hold.y)) };
    if (drawn && (next.wide < 2 || next.high < 2)) return;
    onChange(hold.index < areas.length ? areas.map((a, i) => (i === hold.index ? next : a)) : [...areas, next]);
  };
  return (
    <div ref={frame} className="write-plan" aria-hidden onPointerDown={begin} onPointerMove={follow} onPointerUp={() => (held.current = null)} onPointerCancel={() => (held.current = null)}>
      <img src={fileAddress(school.id, file)} alt="" draggable={false} onLoad={(e) => setRatio(e.currentTarget.naturalWidth / e.currentTarget.naturalHeight)} />
      {areas.map((area, i) => (
        <span key={i} data-area={i} className="write-area" data-round={area.round || undefined} data-right={area.right || undefined} style={{ left: `${area.left}%`, top: `${area.top}%`, width: `${area.wide}%`, height: `${area.round ? area.wide * ratio : area.high}%` }}>
          {i + 1}
        </span>
      ))}
    </div>
  );
}
