import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, type Schema, unwrap } from "@/api/client";
import { meQuery } from "@/features/session/me";
import { addPasskey } from "@/features/session/passkeys";
import { useProof } from "@/features/session/Proof";

export type Session = Schema<"SessionLine">;
export type Passkey = Schema<"PasskeyLine">;

export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: async ({ signal }) => (await unwrap(api.GET("/me/sessions", { signal }))).items,
});

export const passkeysQuery = queryOptions({
  queryKey: ["me", "passkeys"],
  queryFn: async ({ signal }) => (await unwrap(api.GET("/me/passkeys", { signal }))).items,
});

/** A change in one's account, proved again where the server asks, after which the account is read again. */
function useMine<In, Out>(act: (input: In) => Promise<Out>) {
  const queries = useQueryClient();
  const prove = useProof();
  return useMutation({
    mutationFn: (input: In) => prove(() => act(input)),
    onSuccess: () => queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}

export const useChangeMe = () => useMine((body: Schema<"PatchMeInBody">) => unwrap(api.PATCH("/me", { body })));
export const useChangePassword = () => useMine((body: Schema<"ChangePasswordInBody">) => unwrap(api.POST("/me/password", { body })));
export const useAddPasskey = () => useMine((label: string) => addPasskey(label));
export const useRemovePasskey = () => useMine((passkey: string) => api.DELETE("/me/passkeys/{passkey}", { params: { path: { passkey } } }));
export const useMakeCodes = () => useMine<void, string[]>(async () => (await unwrap(api.POST("/me/recovery-codes"))).codes);
export const useEndSession = () => useMine((session: string) => api.DELETE("/me/sessions/{session}", { params: { path: { session } } }));
export const useEndOtherSessions = () => useMine<void, unknown>(() => api.DELETE("/me/sessions"));
