import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, LifeBuoy } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { api, unwrap } from "@/api/client";
import { useT } from "@/i18n";
import { Actions, announce, Button, Checkbox, Form, Notice, PasswordField, ProblemNotice, TextField } from "@/ui";
import { Gateway } from "./Gateway";
import { type Me, meQuery } from "./me";
import { passkeysOffered, passkeysWork, signInWithPasskey } from "./passkeys";
import { forgetToken, isReturning, linkToken, takeReturn } from "./returnTo";

/** What follows a sign-in, whatever the way: the account is known, and the person goes on. */
function useEntered(): (me: Me) => void {
  const queries = useQueryClient();
  const [, go] = useLocation();
  return useCallback(
    (me) => {
      queries.clear();
      queries.setQueryData(meQuery.queryKey, me);
      go(takeReturn(), { replace: true });
    },
    [queries, go],
  );
}

/** Offers passkeys quietly among the suggestions of the e-mail field. */
function useOfferedPasskey(keep: () => boolean, entered: (me: Me) => void): () => void {
  const offer = useRef<AbortController | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    offer.current = abort;
    void (async () => {
      if (!(await passkeysOffered()) || abort.signal.aborted) return;
      try {
        entered(await signInWithPasskey({ keep, offered: true, signal: abort.signal }));
      } catch {
        // Quiet: the person is using another way, or will press the button and read why.
      }
    })();
    return () => abort.abort();
  }, [keep, entered]);
  return useCallback(() => offer.current?.abort(), []);
}

function Recovery({ entered, back }: { entered: (me: Me) => void; back: () => void }) {
  const t = useT("session");
  const sign = useMutation({
    mutationFn: (body: { email: string; code: string }) => unwrap(api.POST("/session/recovery", { body })),
    onSuccess: entered,
  });
  return (
    <Form error={sign.error} onSubmit={(data) => sign.mutate({ email: String(data.get("email")).trim(), code: String(data.get("code")) })}>
      <p>{t("recovery_intro")}</p>
      <TextField label={t("email")} name="email" type="email" autoComplete="username" required autoFocus />
      <TextField label={t("recovery_code")} name="code" autoComplete="one-time-code" autoCapitalize="characters" required />
      <Actions>
        <Button type="submit" tone="main" pending={sign.isPending}>
          {t("sign_in")}
        </Button>
        <Button tone="quiet" onPress={back}>
          {t("other_way")}
        </Button>
      </Actions>
    </Form>
  );
}

function ByLink({ token, entered, back }: { token: string; entered: (me: Me) => void; back: () => void }) {
  const t = useT("session");
  const sign = useMutation({
    mutationFn: () => unwrap(api.POST("/session/link", { body: { token } })),
    onSuccess: (me) => {
      forgetToken();
      entered(me);
    },
  });
  return (
    <>
      <p>{t("link_intro")}</p>
      {sign.error && <ProblemNotice problem={sign.error} />}
      <Actions>
        <Button tone="main" onPress={() => sign.mutate()} pending={sign.isPending}>
          {t("sign_in")}
        </Button>
        {sign.error && (
          <Button
            tone="quiet"
            onPress={() => {
              forgetToken();
              back();
            }}
          >
            {t("other_way")}
          </Button>
        )}
      </Actions>
    </>
  );
}

function Usual({ entered, recover }: { entered: (me: Me) => void; recover: () => void }) {
  const t = useT("session");
  const [kept, setKept] = useState(false);
  const keeping = useRef(kept);
  keeping.current = kept;
  const keep = useCallback(() => keeping.current, []);
  const stopOffer = useOfferedPasskey(keep, entered);
  const passkey = useMutation({
    mutationFn: () => {
      stopOffer();
      return signInWithPasskey({ keep });
    },
    onSuccess: entered,
  });
  const password = useMutation({
    mutationFn: (body: { email: string; password: string; keep: boolean }) => unwrap(api.POST("/session", { body })),
    onSuccess: entered,
  });
  return (
    <>
      <Form error={password.error} onSubmit={(data) => password.mutate({ email: String(data.get("email")).trim(), password: String(data.get("password")), keep: kept })}>
        <TextField label={t("email")} name="email" type="email" autoComplete="username webauthn" required />
        <PasswordField label={t("password")} name="password" autoComplete="current-password" required />
        <Checkbox checked={kept} onChange={setKept} detail={t("keep_detail")}>
          {t("keep")}
        </Checkbox>
        <Actions>
          <Button type="submit" tone="main" pending={password.isPending}>
            {t("sign_in")}
          </Button>
        </Actions>
      </Form>
      <p className="gateway-or">{t("or")}</p>
      {passkey.error && <ProblemNotice problem={passkey.error} />}
      <Actions>
        {passkeysWork() && (
          <Button icon={<KeyRound aria-hidden size={18} />} onPress={() => passkey.mutate()} pending={passkey.isPending}>
            {t("with_passkey")}
          </Button>
        )}
        <Button icon={<LifeBuoy aria-hidden size={18} />} onPress={recover}>
          {t("with_recovery")}
        </Button>
      </Actions>
      <p className="gateway-intro">{t("forgotten")}</p>
    </>
  );
}

/** Where staff sign in: a password, a passkey, a recovery code, or the one-time link that leads here. */
export default function SignInPage() {
  const t = useT("session");
  const entered = useEntered();
  const [way, setWay] = useState<"usual" | "recovery" | "link">(() => (linkToken() ? "link" : "usual"));
  const [returning] = useState(isReturning);
  useEffect(() => {
    if (returning) return announce(t("session_ended"));
  }, [returning, t]);
  useEffect(() => {
    const arrived = () => linkToken() && setWay("link");
    window.addEventListener("hashchange", arrived);
    return () => window.removeEventListener("hashchange", arrived);
  }, []);
  return (
    <Gateway title={t("sign_in_title")} intro={way === "usual" ? t("sign_in_intro") : undefined}>
      {returning && <Notice tone="sun">{t("session_ended")}</Notice>}
      {way === "usual" && <Usual entered={entered} recover={() => setWay("recovery")} />}
      {way === "recovery" && <Recovery entered={entered} back={() => setWay("usual")} />}
      {way === "link" && <ByLink token={linkToken()} entered={entered} back={() => setWay("usual")} />}
    </Gateway>
  );
}
