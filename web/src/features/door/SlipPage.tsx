import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { readSeatSecret } from "@/features/names/seatSecret";
import { useT } from "@/i18n";
import { Checkbox, isPlainAddress, LinkButton, Notice, ProblemNotice } from "@/ui";
import { Child } from "./Child";
import { enterWithSecret } from "./entry";
import { Press } from "./Press";

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
  const enter = useMutation({ mutationFn: (s: Uint8Array<ArrayBuffer>) => enterWithSecret(s, own), onSuccess: () => go("/eleve", { replace: true }) });
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
    <Child title={t("slip_title")} listen="slip" corner={elsewhere}>
      {enter.error && <ProblemNotice problem={enter.error} />}
      <Press tone="main" big busy={enter.isPending} onPress={() => enter.mutate(secret)}>
        {t("enter")}
      </Press>
      <Checkbox checked={own} onChange={setOwn} detail={t("own_help")}>
        {t("own")}
      </Checkbox>
    </Child>
  );
}
