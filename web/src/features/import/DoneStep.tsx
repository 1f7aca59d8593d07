import { useT } from "@/i18n";
import { Actions, Button, LinkButton, Notice } from "@/ui";
import type { JourneyActs } from "./journey";

/** What was made, and the slips to print next. */
export function DoneStep({ acts }: { acts: JourneyActs }) {
  const t = useT("import");
  const { done } = acts.journey;
  const { forget } = acts;
  if (!done) return null;
  return (
    <>
      <Notice tone="tree" title={t("done_title")} alert>
        {done.seats > 0 && <p>{t("done_seats", { count: done.seats })}</p>}
        {done.changed > 0 && <p>{t("done_changes", { count: done.changed })}</p>}
        {done.seats > 0 && <p>{t("done_next")}</p>}
      </Notice>
      <ul className="import-slips">
        {done.filled.map((group) => (
          <li key={group.id}>
            <LinkButton href={`/groupes/${group.id}/fiches`}>{t("print_slips", { name: group.name })}</LinkButton>
          </li>
        ))}
      </ul>
      <Actions>
        <LinkButton href="/groupes" tone="main">
          {t("see_groups")}
        </LinkButton>
        <Button onPress={forget}>{t("restart")}</Button>
      </Actions>
    </>
  );
}
