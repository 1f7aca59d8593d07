import { useState } from "react";
import { createPortal, flushSync } from "react-dom";
import type { Campaign, Results, SeatResult } from "@/features/campaigns/api";
import type { Seat } from "@/features/groups/api";
import type { Names } from "@/features/names/useNames";
import { useFormat, useT } from "@/i18n";
import { Button } from "@/ui";
import { Bar } from "./Bar";
import { band, skillWords } from "./words";
import "../booklet/booklet.css";

/** One page for a family, in plain words. */
export function FamilyPage({ one, campaign }: { one: SeatResult; campaign: Campaign }) {
  const t = useT("results");
  const format = useFormat();
  return (
    <>
      <p className="sheet-campaign">{campaign.title}</p>
      <p>{t("sheet_intro")}</p>
      <ul className="bars">
        {Object.entries(one.skills).map(([skill, score]) => (
          <li key={skill}>
            <span className="bars-name">{skillWords(skill)}</span>
            <Bar mean={score.max > 0 ? score.score / score.max : 0} low={0} high={0} />
            <span className="bars-figure">{t(`band_${band(score)}`)}</span>
          </li>
        ))}
      </ul>
      {one.reading && <p>{t("sheet_reading", { count: Math.round(one.reading.perMinute), exact: format.number(Math.round(one.reading.perMinute)) })}</p>}
      {one.unmarked.length > 0 && <p>{t("sheet_unmarked", { count: one.unmarked.length })}</p>}
      <p>{t("sheet_limits")}</p>
      <p>{campaign.policy.objection}</p>
    </>
  );
}

/** The pages of all the families of a group, in one document; names are joined here. */
export function FamilyPages({ data, campaign, names, seatOf }: { data: Results; campaign: Campaign; names: Names; seatOf: (id: string) => Seat | undefined }) {
  const t = useT("results");
  const [printing, setPrinting] = useState(false);
  const ready = data.seats.filter((s) => s.finished && !s.mark && seatOf(s.seat));
  if (ready.length === 0) return null;
  const print = () => {
    flushSync(() => setPrinting(true));
    window.print();
    setPrinting(false);
  };
  return (
    <>
      <Button onPress={print}>{t("family_pages", { count: ready.length })}</Button>
      {printing &&
        createPortal(
          <div className="paper-sheet" aria-hidden="true">
            {ready.map((one) => {
              const seat = seatOf(one.seat);
              const name = names.name(one.seat);
              return (
                <div key={one.seat} className="paper-family">
                  <p className="paper-title" translate="no">
                    {name ? `${name.first} ${name.last}` : t("family_seat", { number: seat?.number ?? 0, pseudonym: seat?.pseudonym ?? "" })}
                  </p>
                  <FamilyPage one={one} campaign={campaign} />
                </div>
              );
            })}
          </div>,
          document.body,
        )}
    </>
  );
}
