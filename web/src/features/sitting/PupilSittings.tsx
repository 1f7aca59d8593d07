import { useQuery } from "@tanstack/react-query";
import { PencilLine } from "lucide-react";
import { useT } from "@/i18n";
import { LinkButton } from "@/ui";
import { offersQuery, sittingPage } from "./api";

/** The sequences that a pupil can go to now. */
export function usePupilSittings() {
  const offers = useQuery(offersQuery);
  return (offers.data ?? []).filter((o) => o.status !== "finished" && (o.open || o.status !== "none"));
}

/** A way to each of them. */
export function PupilSittings({ offers }: { offers: ReturnType<typeof usePupilSittings> }) {
  const t = useT("sitting");
  return offers.map((offer) => (
    <div key={`${offer.campaign} ${offer.sequence}`} className="child-card child-lesson">
      <h2>{offer.title}</h2>
      <p className="child-pseudonym">{offer.name}</p>
      <LinkButton href={sittingPage(offer)} tone="main" big icon={<PencilLine aria-hidden />} label={t(offer.status === "none" ? "go_of" : "back_to", { name: offer.name })}>
        {t(offer.status === "none" ? "go" : "back")}
      </LinkButton>
    </div>
  ));
}
