import { useState } from "react";
import { useT } from "@/i18n";
import { Actions, Button, Card, FileDrop, Form, Select, Skeleton, TextArea } from "@/ui";
import type { YearRow } from "./api";
import { Findings } from "./Findings";
import { readSource, type JourneyActs, type Source } from "./journey";
import { NO_CHOICES } from "./pupils";
import { stops } from "./findings";
import { MAX_BYTES } from "./limits";

/** The first step: a file, or pasted names. */
export function SourceStep({ acts, years }: { acts: JourneyActs; years: readonly YearRow[] }) {
  const t = useT("import");
  const [text, setText] = useState(acts.journey.source?.kind === "paste" ? acts.journey.source.text : "");
  const [reading, setReading] = useState(false);
  const { journey, change } = acts;

  const read = async (source: Source) => {
    setReading(true);
    const result = await readSource(source);
    setReading(false);
    const refused = result.findings.some((f) => stops(f) && !(f.key === "no_header" || f.key === "no_name_column"));
    change({ source, reading: result, choices: NO_CHOICES, edits: new Map(), leaving: new Set(), drawn: new Map(), drawnFor: "", job: null, step: refused ? "source" : "columns" });
  };

  return (
    <>
      {years.length > 1 && (
        <Select
          label={t("year")}
          options={years.map((y) => ({ id: y.id, label: y.label }))}
          value={journey.yearId ?? years[0]!.id}
          onChange={(yearId) => change({ yearId })}
        />
      )}
      {journey.reading && <Findings findings={journey.reading.findings} />}
      {reading ? (
        <>
          <p role="status">{t("file_reading")}</p>
          <Skeleton rows={6} />
        </>
      ) : (
        <>
          <Card title={t("file_title")}>
            <FileDrop label={t("file_help")} action={t("file_choose")} accept={[".csv", ".ods", ".txt", ".tsv"]} onFile={(file) => void read({ kind: "file", file })} />
          </Card>
          <Card title={t("paste_title")}>
            <Form onSubmit={() => void read({ kind: "paste", text })}>
              <TextArea label={t("paste_label")} value={text} onChange={setText} rows={8} maxLength={MAX_BYTES} wide autoComplete="off" required />
              <Actions>
                <Button type="submit">{t("paste_read")}</Button>
              </Actions>
            </Form>
          </Card>
          <Card title={t("kept_title")}>
            <p>{t("kept_text")}</p>
          </Card>
        </>
      )}
    </>
  );
}
