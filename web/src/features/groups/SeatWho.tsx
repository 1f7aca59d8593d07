import { SeatPicture } from "@/features/pseudonyms/SeatPicture";
import type { Seat } from "./api";
import "./groups.css";

/** A seat as staff see it: its picture, the name when it can be read here, the pseudonym. */
export function SeatWho({ seat, name, detail }: { seat: Pick<Seat, "picture" | "pseudonym">; name: string | null; detail?: string }) {
  return (
    <span className="seat-who">
      <SeatPicture picture={seat.picture} size={40} />
      <span>
        <span className="seat-name">{name ?? seat.pseudonym}</span>
        {name !== null && <span className="seat-pseudonym">{seat.pseudonym}</span>}
        {detail && <span className="entry-detail">{detail}</span>}
      </span>
    </span>
  );
}
