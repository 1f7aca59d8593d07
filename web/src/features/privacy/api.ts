import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, everyPage, type Schema, unwrap } from "@/api/client";

export type Register = Schema<"Register">;
export type Retention = Schema<"RetentionView">;
export type Rule = Schema<"RuleView">;
export type Run = Schema<"RunView">;
export type DataMap = Schema<"MapView">;
export type TrailItem = Schema<"TrailItem">;
export type Export = Schema<"Export">;
export type Notice = Schema<"Notice">;
export type Former = Schema<"FormerStaff">;
export type Reason = Schema<"EraseBody">["reason"];

const PAGE = 500;
/** How often a run that is under way is asked about, in ms. */
const RUN_MS = 2_000;

/** The register of processing activities. */
export const registerQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "privacy", "register"],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/privacy/register", { params: { path: { school } }, signal })),
  });

/** The data map, column by column. */
export const mapQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "privacy", "map"],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/privacy/map", { params: { path: { school } }, signal })),
  });

/** What retention would do now; asked again while a run is under way. */
export const retentionQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "privacy", "retention"],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/privacy/retention", { params: { path: { school } }, signal })),
    refetchInterval: (query) => (query.state.data?.runs.some((run) => run.doneAt === null) ? RUN_MS : false),
  });

/** Every seat of the open years, then those that have left. */
export const seatsQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "privacy", "seats"],
    queryFn: async ({ signal }) => {
      const read = (left: boolean) =>
        everyPage((after) => unwrap(api.GET("/schools/{school}/seats", { params: { path: { school }, query: { left, after, limit: PAGE } }, signal })));
      return [...(await read(false)), ...(await read(true))].filter((seat) => seat.erasedAt === undefined);
    },
  });

/** Accounts of the school without any role left. */
export const formerStaffQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "privacy", "former"],
    queryFn: ({ signal }) =>
      everyPage((after) => unwrap(api.GET("/schools/{school}/privacy/former-staff", { params: { path: { school }, query: { after, limit: PAGE } }, signal }))),
  });

/** The names of staff by id, for the audit trail. */
export const colleaguesQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "staff", "names"],
    queryFn: async ({ signal }) => {
      const people = await everyPage((after) => unwrap(api.GET("/schools/{school}/staff", { params: { path: { school }, query: { after, limit: PAGE } }, signal })));
      return new Map(people.map((person) => [person.id, person.name]));
    },
  });

/** The schools of this installation, for whoever reads the notice. */
export const noticesQuery = queryOptions({
  queryKey: ["notices"],
  queryFn: ({ signal }) => everyPage((after) => unwrap(api.GET("/notices", { params: { query: { after, limit: PAGE } }, signal }))),
});

/** What a school says to everybody. */
export const noticeQuery = (school: string) =>
  queryOptions({
    queryKey: ["notice", school],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}/notice", { params: { path: { school } }, signal })),
  });

function useChange<In, Out>(school: string, act: (input: In) => Promise<Out>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: act, onSuccess: () => queries.invalidateQueries({ queryKey: ["school", school] }) });
}

export const useRunRetention = (school: string) =>
  useChange(school, () => unwrap(api.POST("/schools/{school}/privacy/retention", { params: { path: { school } } })));

export const useShorten = (school: string) =>
  useChange(school, ({ rule, days }: { rule: string; days: number }) =>
    api.PUT("/schools/{school}/privacy/retention/{rule}", { params: { path: { school, rule } }, body: { days } }),
  );

export const exportSeat = (school: string, seat: string) => unwrap(api.GET("/schools/{school}/seats/{seat}/export", { params: { path: { school, seat } } }));

export const exportStaff = (school: string, staff: string) => unwrap(api.GET("/schools/{school}/staff/{staff}/export", { params: { path: { school, staff } } }));

export const exportMe = () => unwrap(api.GET("/me/export"));

export const useEraseSeat = (school: string) =>
  useChange(school, ({ id, reason }: { id: string; reason: Reason }) =>
    unwrap(api.POST("/schools/{school}/seats/{seat}/erase", { params: { path: { school, seat: id } }, body: { reason } })),
  );

export const useEraseStaff = (school: string) =>
  useChange(school, ({ id, reason }: { id: string; reason: Reason }) =>
    unwrap(api.POST("/schools/{school}/staff/{staff}/erase", { params: { path: { school, staff: id } }, body: { reason } })),
  );

/** What a page of the trail may be narrowed to. */
export type TrailFilter = { act: string; actor: string; since: number };

export const readTrail = (school: string, filter: TrailFilter, after: string, signal: AbortSignal) =>
  unwrap(
    api.GET("/schools/{school}/privacy/audit", {
      params: {
        path: { school },
        query: { limit: 100, after: after || undefined, act: filter.act || undefined, actor: filter.actor || undefined, since: filter.since || undefined },
      },
      signal,
    }),
  );
