import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { Abandoned, problemOf } from "@/api/problem";
import { readSeatSecret } from "@/features/names/seatSecret";
import { useT } from "@/i18n";
import { Checkbox, isPlainAddress, LinkButton, Notice, ProblemNotice } from "@/ui";
import { Child } from "./Child";
import { enterWithSecret } from "./entry";
import type { Place } from "./line";
import { Press } from "./Press";
import { WorkNotice } from "./WorkNotice";

/** The secret of the slip being shown: React may start this page twice before it stands, and the address bar gives it once. */
let shown: Uint8Array<ArrayBuffer> | null = null;

/** Takes the secret out of the address bar, and out of the browser's history with it. */
function takeSecret(): Uint8Array<ArrayBuffer> | null {
  if (window.location.hash) {
    shown = readSeatSecret(window.location.hash.slice(1));
    window.history.replaceState(window.history.state, "", window.location.pathname);
  }
  return shown;
}

/** Where the link of a slip leads. */
export default function SlipPage() {
  const t = useT("pupil");
  const [, go] = useLocation();
  const [secret, setSecret] = useState(takeSecret);
  const [own, setOwn] = useState(false);
  const [place, setPlace] = useState<Place | null>(null);
  const stop = useRef(new AbortController());
  const enter = useMutation({
    mutationFn: (s: Uint8Array<ArrayBuffer>) => {
      stop.current = new AbortController();
      return enterWithSecret(s, own, setPlace, stop.current.signal);
    },
    onSuccess: () => go("/eleve", { replace: true }),
    onSettled: () => setPlace(null),
  });
  useEffect(() => () => stop.current.abort(), []);
  useEffect(() => {
    // A second slip scanned in the same tab changes the hash alone.
    const again = () => {
      const other = takeSecret();
      if (other) setSecret(other);
    };
    window.addEventListener("hashchange", again);
    return () => {
      window.removeEventListener("hashchange", again);
      shown = null;
    };
  }, []);
  const refused = enter.error instanceof Abandoned ? null : enter.error;
  const dead = refused !== null && !problemOf(refused).passing && problemOf(refused).kind !== "limited";
  const elsewhere = <Link href="/" className="button button-quiet">{t("type_code")}</Link>;
  if (!secret) {
    return (
      <Child title={t("no_slip_title")} listen="slip" corner={elsewhere}>
        <p>{t("no_slip")}</p>
        <LinkButton href="/" tone="main" big>
          {t("to_door")}
        </LinkButton>
      </Child>
    );
  }
  if (isPlainAddress()) {
    return (
      <Child title={t("slip_title")} corner={elsewhere}>
        <Notice tone="sun">{t("no_crypto")}</Notice>
        <LinkButton href="/" tone="main" big>
          {t("type_code")}
        </LinkButton>
      </Child>
    );
  }
  return (
    <Child title={t(dead ? "slip_dead_title" : "slip_title")} listen="slip" corner={elsewhere}>
      {refused && <ProblemNotice problem={refused} />}
      <Checkbox checked={own} onChange={setOwn} detail={t("own_help")}>
        {t("own")}
      </Checkbox>
      {place ? (
        <WorkNotice work={place} onStop={() => stop.current.abort()} />
      ) : (
        <Press tone="main" big busy={enter.isPending} onPress={() => enter.mutate(secret)}>
          {t("enter")}
        </Press>
      )}
    </Child>
  );
}
