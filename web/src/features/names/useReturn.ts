import { useEffect, useRef } from "react";
import { useLocation, useSearchParams } from "wouter";
import { isOurs } from "../session/returnTo";
import type { NamesStatus } from "./view";

/** Goes back to the page that sent here (`?retour=`) once the names are open: not when they were open already. */
export function useReturn(status: NamesStatus): void {
  const [search] = useSearchParams();
  const [, go] = useLocation();
  const back = search.get("retour");
  const closed = useRef(false);
  useEffect(() => {
    if (status === "locked") closed.current = true;
    else if (status === "ready" && closed.current && back && isOurs(back)) go(back, { replace: true });
  }, [status, back, go]);
}
