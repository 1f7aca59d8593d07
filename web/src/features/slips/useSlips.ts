import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { type Group, groupQuery, type Seat } from "../groups/api";
import { formatCode } from "../names/code";
import { seatKeys, seatLink } from "../names/seatSecret";
import { useLoadedNames, type Names } from "../names/useNames";
import { inListOrder, type Slip } from "./layout";

/** A seat of the group, and its slip when its secret can be read here. */
export interface SlipSeat {
  seat: Seat;
  number: number;
  name: { last: string; first: string } | null;
  slip: Slip | null;
}

export interface GroupSlips {
  group: Group | null;
  seats: SlipSeat[];
  names: Names;
  error: unknown;
  pending: boolean;
  refetch: () => void;
}

/** The slips of a group. Links and codes are derived here, from secrets that only names hold. */
export function useSlips(schoolId: string, groupId: string): GroupSlips {
  const names = useLoadedNames(schoolId, [groupId]);
  const query = useQuery(groupQuery(schoolId, groupId));
  const codes = useCodes(names, query.data?.seats ?? NO_SEATS);
  const group = query.data?.group ?? null;
  const seats = useMemo(() => {
    const rows = (query.data?.seats ?? NO_SEATS).filter((s) => s.leftAt === undefined && s.erasedAt === undefined);
    const list = rows.map((seat) => {
      const name = names.name(seat.id);
      const secret = names.secret(seat.id);
      const code = codes.get(seat.id);
      const slip: Slip | null =
        secret && code && group
          ? {
              seatId: seat.id,
              number: seat.number,
              pseudonym: seat.pseudonym,
              picture: seat.picture,
              name: name && { last: name.last, first: name.first },
              link: seatLink(window.location.origin, secret),
              code: formatCode(group.code, code),
            }
          : null;
      return { seat, number: seat.number, name: name && { last: name.last, first: name.first }, slip };
    });
    return inListOrder(list);
    // names reads the vault, which shows a new view at each change.
  }, [query.data, names, codes, group]);
  return { group, seats, names, error: query.error, pending: query.isPending, refetch: () => void query.refetch() };
}

const NO_SEATS: Seat[] = [];

/** The seat part of each typed code, derived from the secrets known here. */
function useCodes(names: Names, seats: readonly Seat[]): ReadonlyMap<string, string> {
  const [codes, setCodes] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    let live = true;
    const derive = async () => {
      const found = new Map<string, string>();
      for (const seat of seats) {
        const secret = names.secret(seat.id);
        if (secret) found.set(seat.id, (await seatKeys(secret)).code);
      }
      if (live) setCodes(found);
    };
    void derive();
    return () => {
      live = false;
    };
  }, [names, seats]);
  return codes;
}
