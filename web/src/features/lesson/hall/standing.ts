import { useEffect, useState } from "react";
import { slipBind, thisEntry } from "@/features/door/entry";
import type { Names } from "@/features/names/useNames";
import { names as vault } from "@/features/names/session";
import type { Greeting } from "../live/live";
import type { Standing } from "../seal/sealing";

/** What this participant opens keys with, and what it says of itself when it greets. Null in a browser that cannot seal. */
export interface Presented {
  standing: Standing | null;
  greeting: Greeting;
}

const unable: Presented = { standing: null, greeting: {} };

async function canSeal(): Promise<boolean> {
  return (await import("../media/keys")).canSeal();
}

/** Somebody of whom nothing can be checked: a guest, a typed code, staff whose names are closed. */
async function unproven(identity?: string): Promise<Presented> {
  const { makeIdentity, readIdentity } = await import("@/features/names/age");
  const made = identity ? await readIdentity(identity) : await makeIdentity();
  return { standing: { identity: made, bind: null, adult: null }, greeting: { recipient: made.recipient } };
}

async function pupil(): Promise<Presented> {
  if (!(await canSeal())) return unable;
  const { identity } = thisEntry();
  const bind = slipBind();
  if (!identity || !bind) return unproven();
  const [{ readIdentity }, { recipientMac }, { toBase64Url }] = await Promise.all([import("@/features/names/age"), import("@/features/names/pupilKey"), import("@/features/names/bytes")]);
  const own = await readIdentity(identity);
  const mac = toBase64Url(await recipientMac(bind, own.recipient));
  return { standing: { identity: own, bind, adult: null }, greeting: { recipient: own.recipient, mac } };
}

async function guest(): Promise<Presented> {
  return (await canSeal()) ? unproven() : unable;
}

/** What a pupil or a guest presents; undefined while it is made. */
export function usePresented(as: "seat" | "guest"): Presented | undefined {
  const [presented, setPresented] = useState<Presented>();
  useEffect(() => {
    let gone = false;
    void (as === "seat" ? pupil() : guest()).then((made) => gone || setPresented(made));
    return () => {
      gone = true;
    };
  }, [as]);
  return presented;
}

/** What a member of staff presents: their own key once the names are open, which seals and checks; another until then. */
export function useStaffPresented(names: Names, group: string | undefined): Presented | undefined {
  const [presented, setPresented] = useState<Presented>();
  const [loaded, setLoaded] = useState(group === undefined);
  const { status, school } = names;
  useEffect(() => {
    if (status === "ready" && group !== undefined) void school.ensureLoaded([group]).then(() => setLoaded(true));
  }, [status, school, group]);
  const open = status === "ready" && loaded && !school.locked;
  useEffect(() => {
    let gone = false;
    const make = async (): Promise<Presented> => {
      if (!(await canSeal())) return unable;
      const key = vault.key;
      if (!open || !key) return unproven();
      const { seatKeys } = await import("@/features/names/seatSecret");
      const adult = {
        seed: key.signSeed,
        bindOf: async (seat: string) => {
          const secret = school.name(seat)?.secret;
          return secret ? (await seatKeys(secret)).bind : null;
        },
        signersOf: (staff: string) => school.signersOf(staff),
      };
      return { standing: { identity: key, bind: null, adult }, greeting: { recipient: key.recipient } };
    };
    void make().then((made) => gone || setPresented(made));
    return () => {
      gone = true;
    };
  }, [open, school]);
  return presented;
}
