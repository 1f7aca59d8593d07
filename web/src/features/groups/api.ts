import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, everyPage, type Schema, unwrap } from "@/api/client";

export type Year = Schema<"Year">;
export type Group = Schema<"Group">;
export type Seat = Schema<"Seat">;
export type GroupSeats = Schema<"GroupSeats">;
export type Presence = Schema<"Presence">;
export type SeatChange = Schema<"SeatChange">;

/** How often presence is asked again while somebody looks, in ms. */
const WATCH_MS = 5_000;
const PAGE = 500;

/** School years, the latest first. */
export const yearsQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "years"],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/years", { params: { path: { school } }, signal }))).items,
  });

/** Groups of the open years, or of one. */
export const groupsQuery = (school: string, year?: string) =>
  queryOptions({
    queryKey: ["school", school, "groups", year ?? "open"],
    staleTime: 0,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/groups", { params: { path: { school }, query: { year } }, signal }))).items,
  });

/** A group and its seats. */
export const groupQuery = (school: string, group: string) =>
  queryOptions({
    queryKey: ["school", school, "group", group],
    staleTime: 0,
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/groups/{group}", { params: { path: { school, group } }, signal })),
  });

/** The seats of a group that have left. */
export const leftQuery = (school: string, year: string, group: string) =>
  queryOptions({
    queryKey: ["school", school, "group", group, "left"],
    queryFn: ({ signal }) =>
      everyPage((after) => unwrap(api.GET("/schools/{school}/seats", { params: { path: { school }, query: { year, group, left: true, after, limit: PAGE } }, signal }))),
  });

/** Who is in and who waits; asked again while the page is looked at. */
export const presenceQuery = (school: string, group: string) =>
  queryOptions({
    queryKey: ["school", school, "presence", group],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/groups/{group}/presence", { params: { path: { school, group } }, signal })),
    refetchInterval: WATCH_MS,
    staleTime: 0,
  });

/** A change in a school's roster, after which what is shown is asked again. */
function useChange<In, Out>(school: string, act: (input: In) => Promise<Out>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["school", school] }),
  });
}

export const useMakeGroup = (school: string) =>
  useChange(school, (body: Schema<"NewGroup">) => unwrap(api.POST("/schools/{school}/groups", { params: { path: { school } }, body })));

export const useChangeGroup = (school: string) =>
  useChange(school, ({ group, ...body }: Schema<"GroupChange"> & { group: string }) =>
    unwrap(api.PATCH("/schools/{school}/groups/{group}", { params: { path: { school, group } }, body })),
  );

export const useRemoveGroup = (school: string) =>
  useChange(school, (group: string) => api.DELETE("/schools/{school}/groups/{group}", { params: { path: { school, group } } }));

export const useOpenDoor = (school: string) =>
  useChange(school, ({ group, minutes }: { group: string; minutes: number }) =>
    unwrap(api.POST("/schools/{school}/groups/{group}/door", { params: { path: { school, group } }, body: { minutes } })),
  );

export const useCloseDoor = (school: string) =>
  useChange(school, (group: string) => api.DELETE("/schools/{school}/groups/{group}/door", { params: { path: { school, group } } }));

export const useAnswerEntry = (school: string) =>
  useChange(school, ({ group, entry, admit }: { group: string; entry: string; admit: boolean }) =>
    api.POST("/schools/{school}/groups/{group}/entries/{entry}", { params: { path: { school, group, entry } }, body: { admit } }),
  );

export const useChangeSeat = (school: string) =>
  useChange(school, ({ seat, ...body }: SeatChange & { seat: string }) => api.PATCH("/schools/{school}/seats/{seat}", { params: { path: { school, seat } }, body }));
