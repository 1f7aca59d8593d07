import { useT } from "@/i18n";
import { Actions, Button } from "@/ui";
import type { JourneyActs, Step } from "./journey";

interface StepActionsProps {
  acts: JourneyActs;
  next: string;
  to: Step;
  back: Step;
  disabled?: boolean;
}

/** The buttons at the foot of a step. */
export function StepActions({ acts, next, to, back, disabled }: StepActionsProps) {
  const t = useT("import");
  return (
    <Actions>
      <Button tone="main" onPress={() => acts.go(to)} disabled={disabled}>
        {next}
      </Button>
      <Button onPress={() => acts.go(back)}>{t("previous")}</Button>
    </Actions>
  );
}
