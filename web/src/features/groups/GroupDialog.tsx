import { useState } from "react";
import { LEVELS } from "@/features/import/levels";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, RadioGroup, Select, TextField, toast } from "@/ui";
import { type Group, useChangeGroup, useMakeGroup, type Year } from "./api";

const NO_LEVEL = "none";

function LevelSelect({ value, onChange }: { value: string; onChange: (level: string) => void }) {
  const t = useT("groups");
  const known: readonly string[] = LEVELS;
  const options = [{ id: NO_LEVEL, label: t("level_none") }, ...LEVELS.map((level) => ({ id: level as string, label: level as string }))];
  if (value && !known.includes(value)) options.push({ id: value, label: value });
  return <Select label={t("level")} name="level" optional value={value || NO_LEVEL} onChange={(id) => onChange(id === NO_LEVEL ? "" : id)} options={options} />;
}

/** Makes a group, or changes the name and level of one. */
export function GroupDialog({ school, years, group, open, onClose }: { school: string; years: readonly Year[]; group?: Group; open: boolean; onClose: () => void }) {
  const t = useT("groups");
  return (
    <Dialog title={t(group ? "change_title" : "make_title")} open={open} onClose={onClose}>
      {group ? <Change school={school} group={group} onClose={onClose} /> : <Make school={school} years={years} onClose={onClose} />}
    </Dialog>
  );
}

function Make({ school, years, onClose }: { school: string; years: readonly Year[]; onClose: () => void }) {
  const t = useT("groups");
  const [name, setName] = useState("");
  const [kind, setKind] = useState<Group["kind"]>("class");
  const [level, setLevel] = useState("");
  const [year, setYear] = useState(years[0]?.id ?? "");
  const make = useMakeGroup(school);
  return (
    <Form
      error={make.error}
      onSubmit={() =>
        make.mutate(
          { yearId: year, name: name.trim(), kind, ...(level ? { level } : {}) },
          {
            onSuccess: (made) => {
              toast(t("made", { name: made.name }));
              onClose();
            },
          },
        )
      }
    >
      <TextField label={t("name")} name="name" value={name} onChange={setName} required maxLength={60} autoFocus help={t("name_help")} />
      <RadioGroup
        label={t("kind")}
        name="kind"
        value={kind}
        onChange={setKind}
        options={[
          { id: "class", label: t("kind_class"), detail: t("kind_class_detail") },
          { id: "group", label: t("kind_group"), detail: t("kind_group_detail") },
        ]}
      />
      <LevelSelect value={level} onChange={setLevel} />
      {years.length > 1 && <Select label={t("year")} name="yearId" value={year} onChange={setYear} options={years.map((y) => ({ id: y.id, label: y.label }))} />}
      <Actions>
        <Button type="submit" tone="main" pending={make.isPending}>
          {t("make")}
        </Button>
        <Button onPress={onClose}>{t("cancel")}</Button>
      </Actions>
    </Form>
  );
}

function Change({ school, group, onClose }: { school: string; group: Group; onClose: () => void }) {
  const t = useT("groups");
  const [name, setName] = useState(group.name);
  const [level, setLevel] = useState(group.level ?? "");
  const change = useChangeGroup(school);
  return (
    <Form
      error={change.error}
      onSubmit={() =>
        change.mutate(
          { group: group.id, name: name.trim(), level },
          {
            onSuccess: () => {
              toast(t("changed"));
              onClose();
            },
          },
        )
      }
    >
      <TextField label={t("name")} name="name" value={name} onChange={setName} required maxLength={60} autoFocus />
      <LevelSelect value={level} onChange={setLevel} />
      <Actions>
        <Button type="submit" tone="main" pending={change.isPending}>
          {t("save")}
        </Button>
        <Button onPress={onClose}>{t("cancel")}</Button>
      </Actions>
    </Form>
  );
}
