import { BoxGroup, Checkbox } from "@/ui";

/** The groups that a campaign is given to. */
export function GroupBoxes({ label, groups, given, onChange }: { label: string; groups: readonly { id: string; name: string }[]; given: readonly string[]; onChange: (given: readonly string[]) => void }) {
  return (
    <BoxGroup label={label} required>
      {groups.map((g) => (
        <Checkbox key={g.id} checked={given.includes(g.id)} onChange={(on) => onChange(on ? [...given, g.id] : given.filter((id) => id !== g.id))}>
          {g.name}
        </Checkbox>
      ))}
    </BoxGroup>
  );
}
