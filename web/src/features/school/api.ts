import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, everyPage, type Schema, unwrap } from "@/api/client";

export type School = Schema<"School">;
export type Person = Schema<"PersonLine">;
export type RoleLine = Schema<"RoleLine">;
export type Invitation = Schema<"InvitationLine">;
export type NewRole = Schema<"InviteInBody">;

export const schoolQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "itself"],
    queryFn: ({ signal }) => unwrap(api.GET("/schools/{school}", { params: { path: { school } }, signal })),
  });

export const peopleQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "staff"],
    queryFn: ({ signal }) =>
      everyPage((after) => unwrap(api.GET("/schools/{school}/staff", { params: { path: { school }, query: { after, limit: 500 } }, signal }))),
  });

export const invitationsQuery = (school: string) =>
  queryOptions({
    queryKey: ["school", school, "invitations"],
    queryFn: async ({ signal }) => (await unwrap(api.GET("/schools/{school}/invitations", { params: { path: { school } }, signal }))).items,
  });

function useChange<In, Out>(school: string, act: (input: In) => Promise<Out>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["school", school] });
      await queries.invalidateQueries({ queryKey: ["me"] });
      await queries.invalidateQueries({ queryKey: ["schools"] });
    },
  });
}

export const useChangeSchool = (school: string) =>
  useChange(school, (body: Schema<"PatchSchoolInBody">) => unwrap(api.PATCH("/schools/{school}", { params: { path: { school } }, body })));

export const useInvite = (school: string) =>
  useChange(school, (body: NewRole) => unwrap(api.POST("/schools/{school}/invitations", { params: { path: { school } }, body })));

export const useRevokeInvitation = (school: string) =>
  useChange(school, (invitation: string) => api.DELETE("/schools/{school}/invitations/{invitation}", { params: { path: { school, invitation } } }));

export const useGiveRole = (school: string) =>
  useChange(school, ({ staff, ...body }: Schema<"GrantInBody"> & { staff: string }) =>
    api.POST("/schools/{school}/staff/{staff}/grants", { params: { path: { school, staff } }, body }),
  );

export const useTakeRole = (school: string) =>
  useChange(school, ({ staff, grant }: { staff: string; grant: string }) =>
    api.DELETE("/schools/{school}/staff/{staff}/grants/{grant}", { params: { path: { school, staff, grant } } }),
  );

export const useSetAccount = (school: string) =>
  useChange(school, ({ staff, open }: { staff: string; open: boolean }) => {
    const params = { path: { school, staff } };
    return open ? api.POST("/schools/{school}/staff/{staff}/reopen", { params }) : api.POST("/schools/{school}/staff/{staff}/close", { params });
  });

export const useOpenYear = (school: string) =>
  useChange(school, (body: Schema<"NewYear">) => unwrap(api.POST("/schools/{school}/years", { params: { path: { school } }, body })));

export const useCloseYear = (school: string) =>
  useChange(school, (year: string) => api.POST("/schools/{school}/years/{year}/close", { params: { path: { school, year } } }));
