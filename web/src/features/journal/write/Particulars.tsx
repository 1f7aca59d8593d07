import { useT } from "@/i18n";
import { DateField, TextArea, TextField } from "@/ui";
import type { Content } from "../api";
import { instantAt, partsAt } from "../moment";
import { usePlace } from "../place";
import { webOf } from "./Sources";

type Props = {
  content: Content;
  onChange: (part: Partial<Content>) => void;
  /** What the server found missing, by its name of the field. */
  fault: (field: string) => string | null;
};

const noCited = { author: "", title: "", outlet: "", date: "", url: "", quote: "" };

/** Whether a date can be sent: a year, a month or a day. */
export const isPartDate = (text: string) => text === "" || /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/.test(text);

/** What a brief of the press review cites. */
export function CitedFields({ content, onChange, fault }: Props) {
  const t = useT("desk");
  const cited = { ...noCited, ...content.about.cited };
  const set = (part: Partial<typeof noCited>) => onChange({ about: { ...content.about, cited: { ...cited, ...part } } });
  return (
    <>
      <TextField label={t("cited_title")} required maxLength={200} defaultValue={cited.title} onChange={(title) => set({ title })} error={fault("citedTitle")} wide />
      <TextField label={t("cited_outlet")} required maxLength={120} defaultValue={cited.outlet} onChange={(outlet) => set({ outlet })} error={fault("outlet")} wide />
      <TextField label={t("cited_author")} optional maxLength={120} defaultValue={cited.author} onChange={(author) => set({ author })} wide />
      <TextField label={t("cited_date")} required maxLength={10} defaultValue={cited.date} help={t("cited_date_help")} onChange={(date) => isPartDate(date) && set({ date })} error={fault("date")} />
      <TextField label={t("cited_url")} optional maxLength={600} autoCapitalize="off" defaultValue={cited.url} onChange={(url) => (url === "" || webOf(url)) && set({ url: webOf(url) ?? "" })} wide />
      <TextArea label={t("cited_quote")} optional rows={3} maxLength={400} defaultValue={cited.quote} help={t("cited_quote_help")} onChange={(quote) => set({ quote })} wide />
    </>
  );
}

/** When and where something takes place. */
export function HappeningFields({ content, onChange, fault }: Props) {
  const t = useT("desk");
  const { zone } = usePlace();
  const event = content.about.happening ?? { startsAt: 0, place: "" };
  const begins = partsAt(event.startsAt, zone);
  const ends = partsAt(event.endsAt ?? 0, zone);
  const set = (part: Partial<typeof event>) => onChange({ about: { ...content.about, happening: { ...event, ...part } } });
  const start = (day: string, time: string) => set({ startsAt: instantAt(day, time, zone), endsAt: undefined });
  return (
    <>
      <DateField label={t("event_day")} required value={begins.day} onChange={(day) => start(day, begins.time || "08:00")} error={fault("startsAt")} />
      <TextField label={t("event_time")} required inputMode="numeric" maxLength={5} defaultValue={begins.time} help={t("time_help")} onChange={(time) => /^([01]?\d|2[0-3]):[0-5]\d$/.test(time) && begins.day && start(begins.day, time)} />
      <TextField
        label={t("event_end")}
        optional
        inputMode="numeric"
        maxLength={5}
        defaultValue={ends.time}
        help={t("time_help")}
        onChange={(time) => {
          if (time === "") return set({ endsAt: undefined });
          if (!/^([01]?\d|2[0-3]):[0-5]\d$/.test(time) || !begins.day) return;
          const at = instantAt(begins.day, time, zone);
          set({ endsAt: at > event.startsAt ? at : undefined });
        }}
      />
      <TextField label={t("event_place")} optional maxLength={160} defaultValue={event.place} onChange={(place) => set({ place })} wide />
    </>
  );
}
