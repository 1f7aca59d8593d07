import { useState } from "react";
import { useT } from "@/i18n";
import { announce, Button, Card, Checkbox, RadioGroup, Select, Skeleton, Table, TextField, type Column } from "@/ui";
import { Findings } from "./Findings";
import { namesPupils, type Column as ListColumn, type Mapping, type Role } from "./headers";
import { readSource, type JourneyActs } from "./journey";
import type { Pupil, Pupils } from "./pupils";
import type { RawPupil, Reading } from "./reader";
import { StepActions } from "./StepActions";
import { stops } from "./findings";

const SHOWN_ROLES = ["last", "usage", "first", "full", "level", "class", "groups"] as const satisfies readonly Role[];
type ShownRole = (typeof SHOWN_ROLES)[number];

/** The second step: which column is what, and the pupils as they were read. */
export function ColumnsStep({ acts, made }: { acts: JourneyActs; made: Pupils }) {
  const t = useT("import");
  const { journey, change } = acts;
  const reading = journey.reading!;
  const [busy, setBusy] = useState(false);

  const remap = async (mapping: Mapping) => {
    if (!journey.source) return;
    setBusy(true);
    const again = await readSource(journey.source, mapping);
    setBusy(false);
    change({ reading: again.findings.some(stops) ? { ...again, mapping } : again });
  };
  const choose = (choices: Partial<typeof journey.choices>) => change({ choices: { ...journey.choices, ...choices } });
  const findings = [...reading.findings, ...(reading.rows.length > 0 ? made.findings : [])];
  const aside = findings.filter((f) => f.severity === "error" && f.line !== undefined).length;

  return (
    <>
      <Findings findings={findings} onDistinct={(line) => choose({ distinct: new Set([...journey.choices.distinct, line]) })} />
      {reading.source !== "lines" && <Columns reading={reading} remap={remap} />}
      {(reading.source === "lines" || reading.mapping.full !== undefined) && reading.rows.length > 0 && (
        <Card>
          <RadioGroup
            label={t("order")}
            help={t("order_help")}
            row
            value={journey.choices.order}
            onChange={(order) => choose({ order })}
            options={[
              { id: "lastFirst", label: t("order_last_first") },
              { id: "firstLast", label: t("order_first_last") },
            ]}
          />
        </Card>
      )}
      {reading.rows.length > 0 && !reading.rows.some((r) => r.class !== "") && (
        <Card>
          <TextField label={t("one_class")} optional help={t("one_class_help")} maxLength={60} value={journey.choices.oneClass} onChange={(oneClass) => choose({ oneClass })} />
        </Card>
      )}
      {busy ? (
        <Skeleton rows={6} />
      ) : (
        made.pupils.length > 0 && (
          <Preview
            pupils={made}
            onFlip={(line) => {
              const flipped = new Set(journey.choices.flipped);
              if (!flipped.delete(line)) flipped.add(line);
              const pupil = made.pupils.find((p) => p.line === line);
              if (pupil) announce(t("flipped", { last: pupil.first, first: pupil.last }));
              choose({ flipped });
            }}
          />
        )
      )}
      <StepActions
        acts={acts}
        next={aside > 0 ? t("next_without", { count: aside }) : t("next")}
        to="groups"
        back="source"
        disabled={busy || made.pupils.length === 0 || findings.some(stops)}
      />
    </>
  );
}

function Columns({ reading, remap }: { reading: Reading; remap: (mapping: Mapping) => void }) {
  const t = useT("import");
  const { columns, mapping } = reading;
  const offered = columns.filter((c) => !c.sensitive);
  const label = (column: ListColumn) => {
    if (column.label) return column.label;
    const letter = letterOf(column.index);
    const sample = reading.glimpse[column.index];
    return sample ? t("col_letter_sample", { letter, sample: sample.slice(0, 30) }) : t("col_letter", { letter });
  };
  const roles = SHOWN_ROLES.filter((role) => role !== "full" || offered.length < 3 || mapping.full !== undefined || !namesPupils(mapping));
  const aside = columns.filter((c) => c.label && !used(mapping).has(c.index));
  const set = (role: ShownRole, index: number | null) => {
    const next: Mapping = { ...mapping, groups: mapping.groups.filter((g) => g !== index) };
    if (role === "groups") next.groups = index === null ? [] : [index];
    else if (index === null) delete next[role];
    else {
      for (const other of SHOWN_ROLES) if (other !== "groups" && next[other] === index) delete next[other];
      next[role] = index;
      if (role === "full") for (const other of ["last", "first", "usage"] as const) delete next[other];
      else if (role === "last" || role === "first") delete next.full;
    }
    remap(next);
  };
  return (
    <Card title={t("reading_title")} intro={t(`origin_${reading.origin}`)}>
      <p>{t("recognised", { count: reading.rows.length })}</p>
      <ul className="import-columns">
        {roles.map((role) => {
          const index = role === "groups" ? mapping.groups[0] : mapping[role];
          return (
            <li key={role}>
              <Select
                label={t(`role_${role}`)}
                options={[{ id: "none", label: t("col_none") }, ...offered.map((c) => ({ id: String(c.index), label: label(c) }))]}
                value={index === undefined ? "none" : String(index)}
                onChange={(id) => set(role, id === "none" ? null : Number(id))}
              />
              {index !== undefined && <p className="import-sample">{samples(reading.rows, role) || t("no_sample")}</p>}
            </li>
          );
        })}
      </ul>
      {reading.headerLine === 0 && (
        <Checkbox checked={mapping.skipFirst ?? false} onChange={(skipFirst) => remap({ ...mapping, skipFirst })}>
          {t("skip_first")}
        </Checkbox>
      )}
      {aside.length > 0 && <p className="import-aside">{t("left_aside", { columns: aside.map((c) => c.label).join(", ") })}</p>}
    </Card>
  );
}

function used(mapping: Mapping): Set<number> {
  const { groups, skipFirst: _, ...single } = mapping;
  return new Set([...groups, ...Object.values(single)]);
}

/** Three different values of a role, of the lines that were kept. */
function samples(rows: readonly RawPupil[], role: ShownRole): string {
  const found = new Set<string>();
  for (const row of rows) {
    const value = role === "usage" ? row.last : row[role];
    if (value) found.add(value);
    if (found.size === 3) break;
  }
  return [...found].join(", ");
}

/** A, B… Z, AA, as spreadsheets name columns. */
function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : letterOf(Math.floor(index / 26) - 1) + letterOf(index % 26);
}

function Preview({ pupils, onFlip }: { pupils: Pupils; onFlip: (line: number) => void }) {
  const t = useT("import");
  const names = new Map(pupils.groups.map((g) => [g.key, g.name]));
  const columns: Column<Pupil>[] = [
    { id: "last", head: t("role_last"), main: true, cell: (p) => p.last },
    { id: "first", head: t("role_first"), cell: (p) => p.first },
    { id: "level", head: t("role_level"), cell: (p) => p.level ?? t("level_none") },
    { id: "groups", head: t("role_groups"), cell: (p) => p.groups.map((g) => names.get(g)).join(", ") || t("no_group") },
    { id: "line", head: t("line"), end: true, cell: (p) => p.line },
    {
      id: "flip",
      head: t("flip"),
      headHidden: true,
      end: true,
      cell: (p) => (
        <Button tone="quiet" label={t("flip_of", { line: p.line })} onPress={() => onFlip(p.line)}>
          {t("flip")}
        </Button>
      ),
    },
  ];
  return (
    <Card title={t("preview")} intro={t("pupils", { count: pupils.pupils.length })}>
      <Table label={t("pupils", { count: pupils.pupils.length })} rows={pupils.pupils} columns={columns} rowId={(p) => String(p.line)} page={50} />
    </Card>
  );
}
