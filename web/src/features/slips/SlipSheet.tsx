import { useMemo } from "react";
import { createPortal } from "react-dom";
import { useT } from "@/i18n";
import { SeatPicture } from "../pseudonyms/SeatPicture";
import { pagesOf, type Slip } from "./layout";
import { qrShape } from "./qr";
import "./slips.css";

/** Beyond these letters a name takes two smaller lines on its strip. */
const LONG = 30;

interface SlipSheetProps {
  slips: readonly Slip[];
  /** The school's name, once it is known. */
  school?: string;
  group: string;
  withNames: boolean;
}

/** The pages to print: beside the page of the screen, and the only thing on paper. */
export function SlipSheet({ slips, school, group, withNames }: SlipSheetProps) {
  return createPortal(
    <div className="slips-sheet" aria-hidden="true">
      {pagesOf(slips).map((page) => (
        <div className="slips-page" key={page[0]!.seatId}>
          {page.map((slip) => (
            <SlipCard key={slip.seatId} slip={slip} school={school} group={group} withNames={withNames} />
          ))}
        </div>
      ))}
    </div>,
    document.body,
  );
}

function SlipCard({ slip, school, group, withNames }: { slip: Slip; school?: string; group: string; withNames: boolean }) {
  const t = useT("slips");
  const name = slip.name ? `${slip.name.last} ${slip.name.first}` : t("no_name");
  const qr = useMemo(() => qrShape(slip.link), [slip.link]);
  return (
    <div className="slip">
      <div className="slip-body">
        <div className="slip-who">
          {school && <p className="slip-school">{school}</p>}
          <SeatPicture picture={slip.picture} size={90} className="slip-picture" />
          <p className="slip-pseudonym">{slip.pseudonym}</p>
        </div>
        <div className="slip-scan">
          <svg className="slip-qr" viewBox={`0 0 ${qr.size} ${qr.size}`} shapeRendering="crispEdges" role="img" aria-label={t("qr_label", { pseudonym: slip.pseudonym })}>
            <path d={qr.path} />
          </svg>
        </div>
        <p className="slip-code">
          <span className="slip-code-label">{t("slip_code")}</span>
          {slip.code}
        </p>
        <p className="slip-help">
          {t("slip_scan")} {t("slip_site", { site: window.location.host })} {t("slip_keep")}
        </p>
      </div>
      {withNames && (
        <div className="slip-strip">
          <strong className={name.length > LONG ? "slip-long" : undefined}>{name}</strong>
          <span>
            {t("strip_seat", { number: slip.number })}, {group}
          </span>
        </div>
      )}
    </div>
  );
}
