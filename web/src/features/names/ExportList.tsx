import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { groupsQuery } from "@/features/groups/api";
import { useLocale, useT } from "@/i18n";
import { Actions, Button, Card, ErrorState, Form, Notice, Progress, RadioGroup, Select, Skeleton, TextArea } from "@/ui";
import { isRecipient } from "./age";
import { type ListLock, type ListRow, listCsv } from "./listExport";
import { run } from "./offThread";
import { makePlainPhrase, phraseOf } from "./phrase";
import { NamesProblem } from "./refusal";
import { byName, seatsOf, seatsQuery } from "./roster";
import { SixWords } from "./SixWords";
import type { Names } from "./useNames";

/** Names nothing: it is the same for every list. */
const FILE = "liste.csv.age";

/** The list of a group or of the school, as a file that the `age` command opens. */
export function ExportList({ names }: { names: Names }) {
  const t = useT("names");
  const [open, setOpen] = useState(false);
  return (
    <Card title={t("export_title")} intro={t("export_intro")} action={<Button onPress={() => setOpen(!open)} expanded={open}>{t(open ? "export_close" : "export_open")}</Button>}>
      {open && <ExportForm names={names} />}
    </Card>
  );
}

function ExportForm({ names }: { names: Names }) {
  const t = useT("names");
  const locale = useLocale();
  const { id: schoolId } = names.school;
  const groups = useQuery(groupsQuery(schoolId));
  const seats = useQuery(seatsQuery(schoolId));
  const [group, setGroup] = useState("");
  const [way, setWay] = useState<"phrase" | "recipients">("phrase");
  const [given, setGiven] = useState("");
  const [words, setWords] = useState<string[] | null>(null);
  const [pending, setPending] = useState(false);
  const [missing, setMissing] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const failed = groups.error ?? seats.error;
  if (failed) return <ErrorState error={failed} onRetry={() => void Promise.all([groups.refetch(), seats.refetch()])} />;
  if (!groups.data || !seats.data) return <Skeleton rows={3} />;

  const make = async () => {
    const recipients = given.split(/[\s,;]+/).filter((one) => one !== "");
    if (way === "recipients" && (recipients.length === 0 || !recipients.every(isRecipient))) return { recipients: t("export_bad_recipient") };
    setError(null);
    setWords(null);
    setPending(true);
    try {
      await names.ensureLoaded(group === "" ? [] : [group]);
      const groupNames = new Map(groups.data.map((g) => [g.id, g.name]));
      const rows: ListRow[] = [];
      const chosen = seatsOf(seats.data, group);
      for (const seat of chosen) {
        const name = names.name(seat.id);
        if (name) rows.push({ number: seat.number, pseudonym: seat.pseudonym, last: name.last, first: name.first, groups: (seat.groups ?? []).map((id) => groupNames.get(id) ?? "").filter((g) => g !== "") });
      }
      setMissing(chosen.length - rows.length);
      const csv = listCsv([t("number"), t("pseudonym"), t("last_name"), t("first_name"), t("groups")], rows.sort(byName(locale)));
      const six = way === "phrase" ? makePlainPhrase() : null;
      const lock: ListLock = six ? { phrase: phraseOf(six) } : { recipients };
      download(await run({ kind: "sealList", csv, lock }));
      setWords(six);
    } catch (refusal) {
      setError(refusal);
    }
    setPending(false);
    return undefined;
  };

  return (
    <>
      <Form onSubmit={make}>
        <Select label={t("group")} options={[{ id: "", label: t("whole_school") }, ...groups.data.map((g) => ({ id: g.id, label: g.name }))]} value={group} onChange={setGroup} />
        <RadioGroup
          label={t("export_way")}
          value={way}
          onChange={setWay}
          options={[
            { id: "phrase", label: t("export_phrase"), detail: t("export_phrase_detail") },
            { id: "recipients", label: t("export_recipients"), detail: t("export_recipients_detail") },
          ]}
        />
        {way === "recipients" && <TextArea label={t("export_recipients_field")} value={given} onChange={setGiven} rows={3} name="recipients" required help={t("export_recipients_help")} wide />}
        {names.progress && <Progress label={t("opening")} done={names.progress.done} total={names.progress.total} />}
        {error !== null && <NamesProblem error={error} />}
        <Actions>
          <Button type="submit" tone="main" pending={pending}>
            {t("export_make")}
          </Button>
        </Actions>
      </Form>
      {missing > 0 && <Notice tone="sun">{t("export_missing", { count: missing })}</Notice>}
      {words && (
        <Notice tone="tree" title={t("export_made")}>
          <p>{t("export_words")}</p>
          <SixWords words={words} label={t("export_words_label")} fingerprint />
        </Notice>
      )}
      <p className="names-command">
        {t("export_command")} <code translate="no">age -d -o liste.csv {FILE}</code>
      </p>
    </>
  );
}

function download(sealed: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([sealed], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = FILE;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
