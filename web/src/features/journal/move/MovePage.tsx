import { useT } from "@/i18n";
import { Page } from "@/ui";
import { JournalTabs } from "../JournalTabs";
import { Bring } from "./Bring";
import { TakeAway } from "./TakeAway";

/** Moving: an old site comes in, or a copy of the journal is taken away. */
export default function MovePage() {
  const t = useT("movers");
  return (
    <Page title={t("title")} intro={t("intro")}>
      <JournalTabs />
      <Bring />
      <TakeAway />
    </Page>
  );
}
