import { QueryClient } from "@tanstack/react-query";
import { problemOf } from "./problem";
import { offlineSince, onReach } from "./reach";

/** The cache of what the server said. What may pass on its own is tried twice more; a refusal is not. */
export function makeQueryClient(): QueryClient {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 5 * 60_000,
        retry: (count, error) => count < 2 && problemOf(error).passing,
        retryDelay: (count) => 500 * 2 ** count,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
  // What failed or grew old while the server was out of reach is asked again.
  onReach(() => {
    if (offlineSince() === null) void queries.invalidateQueries({}, { cancelRefetch: false });
  });
  return queries;
}
