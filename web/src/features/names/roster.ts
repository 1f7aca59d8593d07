/** Groups and seats of the open years, for the pages of names. Numbers and pseudonyms only. */
import { queryOptions } from "@tanstack/react-query";
import { api, everyPage, type Schema, unwrap } from "@/api/client";
import type { SeatName } from "./record";

export type Seat = Schema<"Seat">;

export const seatsQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "seats"],
    queryFn: async ({ signal }) => {
      const seats = await everyPage((after) => unwrap(api.GET("/schools/{school}/seats", { params: { path: { school }, query: { after, limit: 500 } }, signal })));
      return seats.sort((a, b) => a.number - b.number);
    },
  });

/** The seats of a group; of the whole school for an empty id. */
export function seatsOf(seats: readonly Seat[], group: string): Seat[] {
  return group === "" ? [...seats] : seats.filter((seat) => seat.groups?.includes(group));
}

/** Orders by family name then first name, as the language does. */
export function byName(locale: string): (a: SeatName, b: SeatName) => number {
  const collator = new Intl.Collator(locale, { sensitivity: "base" });
  return (a, b) => collator.compare(a.last, b.last) || collator.compare(a.first, b.first);
}
