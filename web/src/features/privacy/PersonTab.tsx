import { useState } from "react";
import { useT } from "@/i18n";
import { Card, RadioGroup } from "@/ui";
import { FormerStaff } from "./FormerStaff";
import { SeatSearch } from "./SeatSearch";

/** Answers what a person asks: what is kept about them, or that it be erased. */
export function PersonTab({ school }: { school: string }) {
  const t = useT("privacy");
  const [kind, setKind] = useState<"seat" | "staff">("seat");
  return (
    <Card title={t("person_title")} intro={t("person_intro")}>
      <RadioGroup
        label={t("person_kind")}
        row
        value={kind}
        onChange={setKind}
        options={[
          { id: "seat", label: t("kind_pupil") },
          { id: "staff", label: t("kind_staff") },
        ]}
      />
      {kind === "seat" ? <SeatSearch school={school} /> : <FormerStaff school={school} />}
    </Card>
  );
}
