import { useT, type T } from "@/i18n";
import { Card, Empty, Select, TextField } from "@/ui";
import { fold } from "./fold";
import type { GroupEdit, GroupPlan } from "./groupPlan";
import type { JourneyActs } from "./journey";
import { LEVELS, type Level } from "./levels";
import type { FoundGroup, Pupils } from "./pupils";
import { StepActions } from "./StepActions";

const NO_LEVEL = "none";
const levelOptions = (t: T) => [{ id: NO_LEVEL, label: t("level_none") }, ...LEVELS.map((l) => ({ id: l as string, label: l as string }))];
const readLevelId = (id: string): Level | null => LEVELS.find((l) => l === id) ?? null;

/** The third step: what to do of each group, and what unknown levels mean. */
export function GroupsStep({ acts, made, plan }: { acts: JourneyActs; made: Pupils; plan: GroupPlan }) {
  const t = useT("import");
  const { journey, change } = acts;
  const unknown = made.levels.filter((l) => l.level === null || journey.choices.levels.has(fold(l.raw)));
  const edit = (key: string, with_: GroupEdit) => change({ edits: new Map([...journey.edits, [key, { ...journey.edits.get(key), ...with_ }]]) });
  return (
    <>
      {unknown.length > 0 && (
        <Card title={t("levels_title")} intro={t("levels_help")}>
          <div className="import-levels">
            {unknown.map((found) => (
              <Select
                key={found.raw}
                label={t("level_of", { raw: found.raw })}
                help={t("pupils", { count: found.pupils })}
                options={levelOptions(t)}
                value={found.level ?? NO_LEVEL}
                onChange={(id) => change({ choices: { ...journey.choices, levels: new Map([...journey.choices.levels, [fold(found.raw), readLevelId(id)]]) } })}
              />
            ))}
          </div>
        </Card>
      )}
      {made.groups.length === 0 ? (
        <Empty title={t("groups_none")}>{t("one_class_help")}</Empty>
      ) : (
        <ul className="import-groups">
          {made.groups.map((group) => (
            <GroupLine key={group.key} group={group} edit={journey.edits.get(group.key) ?? {}} all={made.groups} plan={plan} onEdit={(e) => edit(group.key, e)} />
          ))}
        </ul>
      )}
      <StepActions acts={acts} next={t("next")} to="compare" back="columns" />
    </>
  );
}

interface GroupLineProps {
  group: FoundGroup;
  edit: GroupEdit;
  all: readonly FoundGroup[];
  plan: GroupPlan;
  onEdit: (edit: GroupEdit) => void;
}

function GroupLine({ group, edit, all, plan, onEdit }: GroupLineProps) {
  const t = useT("import");
  const ref = plan.refs.get(group.key);
  const planned = plan.groups.find((g) => g.ref === ref);
  const apart = edit.ignored || edit.into !== undefined;
  const known = !apart && planned?.known === true;
  const action = edit.ignored ? "ignore" : edit.into === undefined ? "keep" : `into ${edit.into}`;
  const name = edit.name ?? group.name;
  return (
    <li className="import-group" aria-label={group.name}>
      <div className="import-group-head">
        <strong>{group.name}</strong>
        <span>{t("pupils", { count: group.pupils })}</span>
        {known && <span className="import-known">{t("group_known")}</span>}
      </div>
      <div className="import-group-fields">
        <Select
          label={t("group_into")}
          value={action}
          options={[
            { id: "keep", label: t("group_keep") },
            { id: "ignore", label: t("group_ignore") },
            ...all.filter((g) => g.key !== group.key).map((g) => ({ id: `into ${g.key}`, label: t("group_merge", { name: g.name }) })),
          ]}
          onChange={(id) => onEdit({ ignored: id === "ignore", into: id.startsWith("into ") ? id.slice(5) : undefined })}
        />
        {!apart && (
          <>
            <TextField label={t("group_name")} value={name} maxLength={60} onChange={(value) => onEdit({ name: value })} />
            {!known && (
              <>
                <Select
                  label={t("group_kind")}
                  value={edit.kind ?? group.kind}
                  options={[
                    { id: "class", label: t("kind_class") },
                    { id: "group", label: t("kind_group") },
                  ]}
                  onChange={(kind) => onEdit({ kind })}
                />
                <Select
                  label={t("group_level")}
                  value={(edit.level === undefined ? group.level : edit.level) ?? NO_LEVEL}
                  options={levelOptions(t)}
                  onChange={(id) => onEdit({ level: readLevelId(id) })}
                />
              </>
            )}
          </>
        )}
      </div>
    </li>
  );
}
