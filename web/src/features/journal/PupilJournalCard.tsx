import { useQuery } from "@tanstack/react-query";
import { Newspaper, PenLine } from "lucide-react";
import { useT } from "@/i18n";
import { LinkButton } from "@/ui";
import { standingQuery } from "./api";

/** The way to the journal from a pupil's own page; nothing while the school has none. */
export function PupilJournalCard({ school }: { school: string }) {
  const me = useQuery({ ...standingQuery(school), retry: false });
  return me.data?.slug ? <Ways slug={me.data.opened ? me.data.slug : null} /> : null;
}

function Ways({ slug }: { slug: string | null }) {
  const t = useT("pupil");
  return (
    <div className="child-card child-lesson">
      <h2>{t("journal")}</h2>
      <div className="child-row">
        <LinkButton href="/eleve/redaction" big icon={<PenLine aria-hidden />}>
          {t("journal_write")}
        </LinkButton>
        {slug && (
          <a className="button button-plain button-big" href={`/journal/${slug}`}>
            <Newspaper aria-hidden />
            <span>{t("journal_read")}</span>
          </a>
        )}
      </div>
    </div>
  );
}
