import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import { api } from "@/api/client";
import { Abandoned, Problem } from "@/api/problem";
import { useT } from "@/i18n";
import { Actions, Button, Dialog, Form, PasswordField, ProblemNotice, TextField } from "@/ui";
import { useMeQuery } from "./me";
import { passkeysWork, signInWithPasskey } from "./passkeys";

type Prove = () => Promise<void>;

const ProofContext = createContext<Prove | null>(null);

/** Whether the server asks that the person proves again who they are. */
function asksProof(error: unknown): boolean {
  return error instanceof Problem && error.extra.proveAgain === true;
}

/**
 * Does an act that may ask for a recent proof of identity: asks for it when
 * the server does, then does the act again. Rejects with Abandoned when
 * the person gives up.
 */
export function useProof(): <T>(act: () => Promise<T>) => Promise<T> {
  const prove = useContext(ProofContext);
  if (!prove) throw new Error("useProof is for pages inside the shell of staff");
  return useCallback(
    async (act) => {
      try {
        return await act();
      } catch (error) {
        if (!asksProof(error)) throw error;
        await prove();
        return act();
      }
    },
    [prove],
  );
}

function Question({ done }: { done: () => void }) {
  const t = useT("session");
  const me = useMeQuery();
  const email = me.data?.staff.email ?? "";
  const password = useMutation({ mutationFn: (secret: string) => api.POST("/session", { body: { email, password: secret } }), onSuccess: done });
  const passkey = useMutation({ mutationFn: () => signInWithPasskey({ keep: () => false }), onSuccess: done });
  const recovery = useMutation({ mutationFn: (code: string) => api.POST("/session/recovery", { body: { email, code } }), onSuccess: done });
  const staff = me.data?.staff;
  const last = staff && !staff.hasPassword && staff.passkeys === 0;
  if (last) {
    return staff.recoveryCodesLeft === 0 ? (
      <p>{t("prove_by_link")}</p>
    ) : (
      <Form error={recovery.error} onSubmit={(data) => recovery.mutate(String(data.get("code")))}>
        <p>{t("prove_by_code")}</p>
        <TextField label={t("recovery_code")} name="code" autoComplete="one-time-code" autoCapitalize="characters" required autoFocus />
        <Actions>
          <Button type="submit" tone="main" pending={recovery.isPending}>
            {t("prove")}
          </Button>
        </Actions>
      </Form>
    );
  }
  return (
    <>
      <p>{t("prove_text")}</p>
      {passkeysWork() && (staff?.passkeys ?? 0) > 0 && (
        <>
          {passkey.error && <ProblemNotice problem={passkey.error} />}
          <Actions>
            <Button tone="main" icon={<KeyRound aria-hidden size={18} />} onPress={() => passkey.mutate()} pending={passkey.isPending}>
              {t("with_passkey")}
            </Button>
          </Actions>
        </>
      )}
      {staff?.hasPassword !== false && (
        <Form error={password.error} onSubmit={(data) => password.mutate(String(data.get("password")))}>
          <PasswordField label={t("password")} name="password" autoComplete="current-password" required autoFocus />
          <Actions>
            <Button type="submit" pending={password.isPending}>
              {t("prove")}
            </Button>
          </Actions>
        </Form>
      )}
    </>
  );
}

/** Where the question shows, above any page of staff. */
export function ProofProvider({ children }: { children: ReactNode }) {
  const t = useT("session");
  const [open, setOpen] = useState(false);
  const waiting = useRef<{ resolve: () => void; reject: (reason: Error) => void } | null>(null);
  const prove = useCallback<Prove>(
    () =>
      new Promise((resolve, reject) => {
        waiting.current?.reject(new Abandoned("proof"));
        waiting.current = { resolve, reject };
        setOpen(true);
      }),
    [],
  );
  const end = (proved: boolean) => {
    setOpen(false);
    if (proved) waiting.current?.resolve();
    else waiting.current?.reject(new Abandoned("proof"));
    waiting.current = null;
  };
  return (
    <ProofContext value={prove}>
      {children}
      <Dialog title={t("prove_title")} open={open} onClose={() => end(false)}>
        <Question done={() => end(true)} />
      </Dialog>
    </ProofContext>
  );
}
