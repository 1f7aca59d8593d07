import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Schema, unwrap } from "@/api/client";
import { forgetQuestions } from "@/features/bank/kept";
import { forgetDrafts } from "@/features/journal/drafts";
import { rememberNothing } from "./returnTo";

export type Me = Schema<"Me">;
export type Grant = Schema<"MeGrant">;
export type Role = Grant["role"];

/** Who is signed in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => unwrap(api.GET("/me", { signal })),
  staleTime: 60_000,
});

export function useMeQuery() {
  return useQuery(meQuery);
}

/** Signs out: the server forgets the session, this page forgets what it showed. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.DELETE("/session"),
    // Requests under way may hear that the session is over before this one does.
    onMutate: () => rememberNothing(true),
    onError: () => rememberNothing(false),
    onSuccess: async () => {
      await forgetDrafts();
      await forgetQuestions();
      queries.clear();
      window.location.assign("/connexion");
    },
  });
}
