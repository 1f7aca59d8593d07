import { useT } from "@/i18n";
import { Checkbox, TextField } from "@/ui";
import { figure } from "./figure";
import { Group } from "./Group";
import { Words } from "./Lists";
import { Prose } from "./Prose";
import { most, type Sheet } from "./sheet";

type Props = { sheet: Sheet; onChange: (part: Partial<Sheet>) => void };

/** A word or a number to write. */
export function Short({ sheet, onChange }: Props) {
  const t = useT("writing");
  const { accepted, number } = sheet;
  return (
    <Group name="short" title={t("field")} intro={t("field_help")}>
      <TextField name="before" label={t("before")} value={sheet.before} onChange={(before) => onChange({ before })} optional maxLength={300} wide />
      <TextField name="after" label={t("after")} value={sheet.after} onChange={(after) => onChange({ after })} optional maxLength={300} help={t("after_help")} wide />
      <Checkbox checked={number} onChange={(on) => onChange({ number: on, ...(on ? { accepted: accepted.slice(0, 1) } : {}) })} detail={t("number_help")}>
        {t("number")}
      </Checkbox>
      <Words
        name="accepted"
        title={t("right_answer")}
        intro={number ? undefined : t("accepted_help")}
        add={t("add_accepted")}
        item={(rank) => (rank === 1 ? t("right_answer") : t("accepted_number", { number: rank }))}
        words={accepted}
        limit={number ? 1 : most.accepted}
        least={1}
        onChange={(next) => onChange({ accepted: next })}
      />
      {number ? (
        <TextField name="margin" label={t("margin")} key="margin" defaultValue={String(sheet.margin).replace(".", ",")} onChange={(text) => onChange({ margin: Number.isFinite(figure(text)) ? figure(text) : -1 })} inputMode="numeric" help={t("margin_help")} />
      ) : (
        <Checkbox checked={sheet.exact} onChange={(exact) => onChange({ exact })}>
          {t("exact")}
        </Checkbox>
      )}
    </Group>
  );
}

/** A text to write, which adults mark. */
export function Long({ sheet, onChange }: Props) {
  const t = useT("writing");
  return (
    <Group name="long" title={t("long")} intro={t("long_help")}>
      <TextField name="lines" label={t("height")} defaultValue={String(sheet.lines)} onChange={(text) => onChange({ lines: Math.round(figure(text)) || 0 })} inputMode="numeric" />
      <Prose name="guide" label={t("guide")} value={sheet.guide} onChange={(guide) => onChange({ guide })} optional help={t("guide_help")} />
    </Group>
  );
}
