import { createPortal } from "react-dom";
import { useT } from "@/i18n";
import { formatCode } from "../names/code";
import { type Bytes, toBase64Url } from "../names/bytes";
import { drawSeatSecret, seatLink } from "../names/seatSecret";
import { pagesOf } from "./layout";
import { qrShape } from "./qr";
import "./slips.css";

/** A slip of reserve: a secret that no seat has yet, kept nowhere but on its paper. */
export interface Spare {
  link: string;
  /** What an adult types where there is no camera. */
  key: string;
  /** What the pupil types, once it is attached. */
  code: string;
}

/** Draws spare slips for a group. */
export async function drawSpares(count: number, groupCode: string, origin: string): Promise<Spare[]> {
  const taken = new Set<string>();
  const out: Spare[] = [];
  for (let i = 0; i < count; i++) {
    const { secret, keys } = await drawSeatSecret(taken);
    out.push({ link: seatLink(origin, secret), key: spareKey(secret), code: formatCode(groupCode, keys.code) });
  }
  return out;
}

/** The secret in groups of four signs, as it stands on the paper. */
export const spareKey = (secret: Bytes): string => toBase64Url(secret).match(/.{1,4}/g)?.join(" ") ?? "";

/** The pages to print, as those of slips. */
export function SpareSheet({ spares, school, group }: { spares: readonly Spare[]; school?: string; group: string }) {
  const t = useT("slips");
  return createPortal(
    <div className="slips-sheet" aria-hidden="true">
      {pagesOf(spares).map((page) => (
        <div className="slips-page" key={page[0]!.key}>
          {page.map((spare) => {
            const qr = qrShape(spare.link);
            return (
              <div className="slip" key={spare.key}>
                <div className="slip-body">
                  <div className="slip-who">
                    {school && <p className="slip-school">{school}</p>}
                    <p className="slip-pseudonym">{t("spare_title")}</p>
                    <p>{group}</p>
                  </div>
                  <div className="slip-scan">
                    <svg className="slip-qr" viewBox={`0 0 ${qr.size} ${qr.size}`} shapeRendering="crispEdges" role="img" aria-label={t("spare_title")}>
                      <path d={qr.path} />
                    </svg>
                  </div>
                  <p className="slip-code">
                    <span className="slip-code-label">{t("slip_code")}</span>
                    {spare.code}
                  </p>
                  <p className="slip-help">{t("spare_inert")}</p>
                </div>
                <div className="slip-strip">
                  <strong className="slip-key">{spare.key}</strong>
                  <span>{t("spare_key")}</span>
                </div>
              </div>
            );
          })}
        </div>
      ))}
    </div>,
    document.body,
  );
}
