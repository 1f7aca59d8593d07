import { SeatName } from "@/features/names/SeatName";
import { SeatPicture } from "@/features/pseudonyms/SeatPicture";
import type { Seat } from "./api";
import "./groups.css";

/** A seat as staff see it: its picture, its name when it can be read here, its pseudonym. */
export function SeatWho({ seat, detail }: { seat: Pick<Seat, "id" | "picture" | "pseudonym">; detail?: string }) {
  return (
    <span className="seat-who">
      <SeatPicture picture={seat.picture} size={40} />
      <span>
        <SeatName seat={seat} />
        {detail && <span className="entry-detail">{detail}</span>}
      </span>
    </span>
  );
}
